package io.hoptoll.correlator;

import io.hoptoll.model.Endpoint;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Proxy;
import io.hoptoll.model.SidecarSpan;
import org.jspecify.annotations.Nullable;

/** A half hop that waits for its other half, or looks whether that is there. */
final class WaitingHalf extends AgeList.Aged<WaitingHalf> {
  /** Which side of a hop a half is; where proxies and apps share one namespace: either. */
  enum Side {
    CLIENT,
    SERVER,
    EITHER;

    boolean mayBeClient() {
      return this != SERVER;
    }

    boolean mayBeServer() {
      return this != CLIENT;
    }

    /**
     * Istio's cluster names say it. Else the app it serves is in its own pod, or the app that
     * called it; where both are (proxies that share a namespace), the partner that turns up
     * decides. A request that a sidecar refused has neither cluster nor app: its own address says
     * who was meant.
     */
    static Side of(HalfHop half) {
      if (half.span().isInbound()) {
        return SERVER;
      }
      if (half.span().isOutbound()) {
        return CLIENT;
      }
      boolean serves = half.servingApp() != null;
      boolean called = half.callingApp() != null;
      if (serves && called) {
        return EITHER;
      }
      if (serves || called) {
        return serves ? SERVER : CLIENT;
      }
      if (isMeantForItsPod(half.span())) {
        return SERVER;
      }
      return half.span().upstreamLocal().isLoopback() ? EITHER : CLIENT;
    }
  }

  /** A gateway is called by its own address, too, but calls others for its callers. */
  private static boolean isMeantForItsPod(SidecarSpan span) {
    return span.proxy().kind() == Proxy.Kind.SIDECAR
        && !span.upstreamLocal().isSet()
        && span.proxy().podIps().contains(span.downstreamLocal().ip());
  }

  HalfHop half;
  Side side;
  long arrivedNanos;

  /** Of its request id, 0 where it has none: most others are ruled out without a look at them. */
  int idHash;

  /** Joined, attached or given up. */
  boolean done;

  /** Waits on: in the list of those. */
  boolean isPatient;

  /** In which it waits, of its connections; null: in none. */
  @Nullable HalfList clients;

  @Nullable HalfList servers;

  /** In {@link HalvesById}. */
  @Nullable WaitingHalf nextById;

  WaitingHalf(HalfHop half, long arrivedNanos) {
    this.half = half;
    this.side = Side.of(half);
    this.arrivedNanos = arrivedNanos;
    this.idHash = shortHash(half.span().requestHash());
  }

  /** Another half, by one that never waited: every second finds its partner at once. */
  WaitingHalf become(HalfHop other, long otherArrivedNanos) {
    half = other;
    side = Side.of(other);
    arrivedNanos = otherArrivedNanos;
    idHash = shortHash(other.span().requestHash());
    return this;
  }

  boolean mayShareId(WaitingHalf other) {
    return idHash == other.idHash || idHash == 0 || other.idHash == 0;
  }

  /** 0 for those alone that have no id. */
  static int shortHash(long requestHash) {
    int bits = (int) (requestHash >>> 32);
    return bits == 0 && requestHash != 0 ? 1 : bits;
  }

  long requestHash() {
    return half.span().requestHash();
  }

  /** The connection to the server, as the client side would know it. */
  Endpoint upstreamKey() {
    return side.mayBeClient() ? half.span().upstreamLocal() : Endpoint.NONE;
  }

  /** The connection from the client, as the server side would know it. */
  Endpoint downstreamKey() {
    return side.mayBeServer() ? half.span().downstreamDirectRemote() : Endpoint.NONE;
  }
}
