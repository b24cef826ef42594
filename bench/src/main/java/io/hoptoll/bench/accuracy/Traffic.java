package io.hoptoll.bench.accuracy;

import io.hoptoll.minimesh.LoadPlan;
import java.util.List;

/**
 * The load under which faults happen.
 *
 * @param connections in flight at most
 */
record Traffic(Protocol protocol, int connections) {
  static final List<Integer> CONNECTIONS = List.of(1, 8, 64);

  /** Requests/s: what one connection can carry with a fault, and two cores with three hops. */
  double rate() {
    return connections == 1 ? 15 : connections == 8 ? 30 : 60;
  }

  LoadPlan plan() {
    return protocol.plan(rate(), connections);
  }

  @Override
  public String toString() {
    return protocol + " x" + connections;
  }
}
