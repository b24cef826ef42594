package io.hoptoll.correlator;

import io.hoptoll.model.Cause;
import io.hoptoll.model.Party;

/**
 * Why requests failed at one edge: the key under which they are counted.
 *
 * @param said status, flags and details of the entry that knows, such as {@code 503 UO overflow}
 */
record Failure(Cause cause, Party party, Edge edge, String said) {
  /** Of a connect that failed ({@link Failures}). */
  Failure withoutAddress() {
    return new Failure(cause, party, edge, said.replaceFirst(" to \\S+:\\d+", ""));
  }

  /**
   * One cause, whatever the entries said in words.
   *
   * @param caller empty where it is the server's own doing, whoever called it
   */
  record Key(Cause cause, Party party, String caller, String server) {}

  Key key() {
    boolean isServers = party == Party.SERVER_APP || party == Party.SERVER_SIDECAR;
    return new Key(cause, party, isServers ? "" : edge.client(), edge.server());
  }
}
