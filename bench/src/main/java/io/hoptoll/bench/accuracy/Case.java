package io.hoptoll.bench.accuracy;

import io.hoptoll.minimesh.fault.Fault;
import io.hoptoll.minimesh.fault.FaultKind;
import io.hoptoll.minimesh.fault.Faults;
import io.hoptoll.model.Party;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One fault at one place under one load, or two at once.
 *
 * @param party the side of the edge
 * @param hop 1: the edge from the client to the first service
 * @param also the second fault, under the same load; null: there is none
 */
record Case(FaultKind kind, Party party, int hop, Traffic traffic, @Nullable Case also) {
  /** Services in the chain. */
  static final int HOPS = 3;

  Case(FaultKind kind, Party party, int hop, Traffic traffic) {
    this(kind, party, hop, traffic, null);
  }

  /** Names the case in logs and for {@code --resume}. */
  String key() {
    return place() + (also == null ? "" : "+" + also.place()) + "/" + traffic;
  }

  private String place() {
    return kind.label() + "/" + party + "/hop" + hop;
  }

  /** The process or wire at fault, whichever hop it is looked at from. */
  String actor() {
    String name = party.name();
    if (party == Party.TRANSPORT) {
      return name + workload(hop - 1) + workload(hop);
    }
    String kind = name.substring(name.indexOf('_') + 1);
    return kind + workload(name.startsWith("CLIENT_") ? hop - 1 : hop);
  }

  boolean isPair() {
    return also != null;
  }

  /** What all-pairs are made of. */
  List<Object> values() {
    return List.of(kind + "/" + party, hop, traffic.protocol(), traffic.connections());
  }

  /** One or two, in the order in which they start. */
  List<Fault> on(Faults faults) {
    return also == null ? List.of(one(faults)) : List.of(one(faults), also.one(faults));
  }

  private Fault one(Faults faults) {
    return kind.on(faults, party, workload(hop - 1), workload(hop));
  }

  private static String workload(int hop) {
    return hop == 0 ? "client" : "hop" + hop + "-v1";
  }
}
