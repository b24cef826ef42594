package io.hoptoll.model;

/** The two ends of one TCP socket as its own kernel names them. */
public record SocketTuple(Endpoint local, Endpoint remote) {
  /** The same connection seen from its other end (where no NAT stands between). */
  public SocketTuple reversed() {
    return new SocketTuple(remote, local);
  }

  @Override
  public String toString() {
    return local + ">" + remote;
  }
}
