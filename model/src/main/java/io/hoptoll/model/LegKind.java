package io.hoptoll.model;

/**
 * What the time between two marks is. The first {@code Mark.values().length - 1} kinds lie between
 * mark {@code i} and mark {@code i + 1}; the kinds after them are parts cut out of one of these.
 */
public enum LegKind {
  CLIENT_LOOPBACK_REQUEST("client.loopback.request", Party.CLIENT_APP),
  CLIENT_SIDECAR_QUEUE("client.sidecar.queue", Party.CLIENT_SIDECAR),
  CLIENT_SIDECAR_REQUEST("client.sidecar.request", Party.CLIENT_SIDECAR),
  TRANSPORT_REQUEST("transport.request", Party.TRANSPORT),
  SERVER_SIDECAR_QUEUE("server.sidecar.queue", Party.SERVER_SIDECAR),
  SERVER_SIDECAR_REQUEST("server.sidecar.request", Party.SERVER_SIDECAR),
  SERVER_LOOPBACK_REQUEST("server.loopback.request", Party.SERVER_APP),
  SERVER_APP_PICKUP("server.app.pickup", Party.SERVER_APP),
  BODY_REQUEST("body.request", Party.UNDETERMINED),
  SERVER_APP_SERVICE("server.app.service", Party.SERVER_APP),
  SERVER_LOOPBACK_RESPONSE("server.loopback.response", Party.SERVER_APP),
  SERVER_SIDECAR_RESPONSE_QUEUE("server.sidecar.response.queue", Party.SERVER_SIDECAR),
  SERVER_SIDECAR_RESPONSE("server.sidecar.response", Party.SERVER_SIDECAR),
  TRANSPORT_RESPONSE("transport.response", Party.TRANSPORT),
  CLIENT_SIDECAR_RESPONSE_QUEUE("client.sidecar.response.queue", Party.CLIENT_SIDECAR),
  CLIENT_SIDECAR_RESPONSE("client.sidecar.response", Party.CLIENT_SIDECAR),
  CLIENT_LOOPBACK_RESPONSE("client.loopback.response", Party.CLIENT_APP),
  CLIENT_APP_PICKUP("client.app.pickup", Party.CLIENT_APP),
  BODY_RESPONSE("body.response", Party.UNDETERMINED),

  /**
   * Earlier attempts of the router and their back-off; cut out of client.sidecar.request. What
   * their servers' apps had of it is charged to these.
   */
  CLIENT_SIDECAR_ATTEMPTS("client.sidecar.attempts", Party.CLIENT_SIDECAR),
  /** Earlier attempts whose connection was reset, and the back-off after them; cut out likewise. */
  TRANSPORT_ATTEMPTS("transport.attempts", Party.TRANSPORT),
  /** Waiting for a connection of the pool; cut out of client.sidecar.request. */
  CLIENT_SIDECAR_POOL("client.sidecar.pool", Party.CLIENT_SIDECAR),
  /** SYN to ESTABLISHED while this request waited; cut out of client.sidecar.request. */
  TRANSPORT_CONNECT("transport.connect", Party.TRANSPORT),
  /** ESTABLISHED to TLS ready while this request waited; cut out of client.sidecar.request. */
  CLIENT_SIDECAR_HANDSHAKE("client.sidecar.handshake", Party.CLIENT_SIDECAR),
  /** Waiting for a connection to the app; cut out of server.sidecar.request. */
  SERVER_SIDECAR_POOL("server.sidecar.pool", Party.SERVER_SIDECAR),
  /** SYN to ESTABLISHED towards the app on its own host; cut out of server.sidecar.request. */
  SERVER_APP_CONNECT("server.app.connect", Party.SERVER_APP),
  /** A body held up by whoever sends it. */
  BODY_SENDER_CLIENT("body.request.sender", Party.CLIENT_APP),
  BODY_SENDER_SERVER("body.response.sender", Party.SERVER_APP),
  /** A body held up by a receiver whose window is shut. */
  BODY_RECEIVER_SERVER("body.request.receiver", Party.SERVER_APP),
  BODY_RECEIVER_CLIENT("body.response.receiver", Party.CLIENT_APP),
  /** A body held up by the network. */
  BODY_NETWORK("body.network", Party.TRANSPORT),
  /**
   * The last piece of a message waited in its sender for the ACK of the piece before it: Nagle's
   * algorithm met a delayed ACK. Cut out of what waited for that piece: a body or a sidecar.
   */
  TRANSPORT_ACK("transport.ack", Party.TRANSPORT),
  /** server.app.service less the hops the app made meanwhile. */
  SERVER_APP_SELF("server.app.self", Party.SERVER_APP),
  /** Of what is left of server.app.service: the app's thread waited for a call that is no hop. */
  SERVER_APP_DEPENDENCY("server.app.dependency", Party.SERVER_APP),
  /** What no mark explains. */
  UNEXPLAINED("unexplained", Party.UNDETERMINED);

  /** Kinds with an ordinal below this lie between two neighbouring marks. */
  public static final int BETWEEN_MARKS = Mark.values().length - 1;

  private static final LegKind[] KINDS = values();

  private final String label;
  private final Party party;

  LegKind(String label, Party party) {
    this.label = label;
    this.party = party;
  }

  /** The name in API, UI and docs. */
  public String label() {
    return label;
  }

  public Party party() {
    return party;
  }

  public long bit() {
    return 1L << ordinal();
  }

  /** The kind between {@code mark} and the next one. */
  public static LegKind after(Mark mark) {
    return KINDS[mark.ordinal()];
  }
}
