package io.hoptoll.bench.accuracy;

import io.hoptoll.minimesh.fault.Fault;
import io.hoptoll.minimesh.fault.FaultKind;
import io.hoptoll.minimesh.fault.Faults;
import io.hoptoll.model.Party;
import java.util.List;

/**
 * One fault at one place under one load.
 *
 * @param party the side of the edge
 * @param hop 1: the edge from the client to the first service
 */
record Case(FaultKind kind, Party party, int hop, Traffic traffic) {
  /** Services in the chain. */
  static final int HOPS = 3;

  /** Names the case in logs and for {@code --resume}. */
  String key() {
    return kind.label() + "/" + party + "/hop" + hop + "/" + traffic;
  }

  /** What all-pairs are made of. */
  List<Object> values() {
    return List.of(kind + "/" + party, hop, traffic.protocol(), traffic.connections());
  }

  Fault on(Faults faults) {
    return kind.on(faults, party, workload(hop - 1), workload(hop));
  }

  private static String workload(int hop) {
    return hop == 0 ? "client" : "hop" + hop + "-v1";
  }
}
