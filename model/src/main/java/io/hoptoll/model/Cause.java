package io.hoptoll.model;

/** Why: stable codes, one rule each. Grouped by the side they are found on. */
public enum Cause {
  APP_SERVICE_TIME(Group.APP),
  APP_PICKUP_DELAY(Group.APP),
  APP_CPU_THROTTLED(Group.APP),
  APP_FROZEN(Group.APP),
  APP_NOT_LISTENING(Group.APP),
  APP_ACCEPT_QUEUE_FULL(Group.APP),
  APP_SLOW_READER(Group.APP),
  APP_SLOW_SENDER(Group.APP),
  APP_RESET(Group.APP),
  APP_ERROR(Group.APP),
  CLIENT_ABORT(Group.APP),
  CLIENT_HEADERS_TOO_LARGE(Group.APP),
  DEPENDENCY(Group.APP),
  SIDECAR_CPU_THROTTLED(Group.SIDECAR),
  SIDECAR_FROZEN(Group.SIDECAR),
  SIDECAR_WORKER_QUEUE(Group.SIDECAR),
  SIDECAR_FILTER(Group.SIDECAR),
  SIDECAR_POOL_WAIT(Group.SIDECAR),
  SIDECAR_OVERFLOW(Group.SIDECAR),
  SIDECAR_TLS_HANDSHAKE(Group.SIDECAR),
  SIDECAR_RETRIES(Group.SIDECAR),
  SIDECAR_RATE_LIMITED(Group.SIDECAR),
  SIDECAR_DENIED(Group.SIDECAR),
  SIDECAR_NO_ROUTE(Group.SIDECAR),
  SIDECAR_NO_CLUSTER(Group.SIDECAR),
  SIDECAR_NO_HEALTHY_UPSTREAM(Group.SIDECAR),
  SIDECAR_TIMEOUT_SET_TOO_LOW(Group.SIDECAR),
  SIDECAR_OVERLOAD_MANAGER(Group.SIDECAR),
  SIDECAR_DNS(Group.SIDECAR),
  SIDECAR_PROTOCOL_SNIFFING(Group.SIDECAR),
  TRANSPORT_LOSS(Group.TRANSPORT),
  TRANSPORT_RTT(Group.TRANSPORT),
  TRANSPORT_CONNECT(Group.TRANSPORT),
  TRANSPORT_BANDWIDTH(Group.TRANSPORT),
  TRANSPORT_RESET(Group.TRANSPORT),
  TRANSPORT_DROPPED(Group.TRANSPORT),
  TRANSPORT_DELAYED_ACK(Group.TRANSPORT),
  /** The sources at hand bound a delay but cannot say what it was. */
  UNRESOLVED(Group.NONE);

  /** Which kind of party a cause belongs to; client or server side comes from the leg. */
  public enum Group {
    APP,
    SIDECAR,
    TRANSPORT,
    NONE
  }

  private final Group group;

  Cause(Group group) {
    this.group = group;
  }

  public Group group() {
    return group;
  }
}
