package io.hoptoll.model;

import org.jspecify.annotations.Nullable;

/** The two ends of one TCP socket as its own kernel names them. */
public record SocketTuple(Endpoint local, Endpoint remote) {
  /** The same connection seen from its other end (where no NAT stands between). */
  public SocketTuple reversed() {
    return new SocketTuple(remote, local);
  }

  /** Whether both ends are in one pod: over loopback, or by the pod's own address. */
  public boolean isInsidePod() {
    return local.isLoopback() || remote.isLoopback() || local.isSameHost(remote);
  }

  // By hand: a key of every exchange, and a record's own two are several times slower.
  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof SocketTuple t && local.equals(t.local) && remote.equals(t.remote);
  }

  @Override
  public int hashCode() {
    return 31 * local.hashCode() + remote.hashCode();
  }

  @Override
  public String toString() {
    return local + ">" + remote;
  }
}
