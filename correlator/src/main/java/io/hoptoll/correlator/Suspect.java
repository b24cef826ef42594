package io.hoptoll.correlator;

import io.hoptoll.model.LegKind;
import java.util.Map;

/**
 * One actor whose legs grew, with all that a rule may look at.
 *
 * @param excess by kinds (a bit set), how much the actor's legs grew, ns a request
 * @param edge the edge of the largest of these legs
 * @param current the compared requests
 * @param before the same part of the baseline
 * @param processes the worst of the actor's processes in the range
 * @param calls all calls of the edge in the range, whatever path they served
 */
record Suspect(
    Actor actor,
    Edge edge,
    Map<Long, Double> excess,
    Composition current,
    Composition before,
    ProcessTime processes,
    ProcessTime baselineProcesses,
    EdgeWindow calls) {

  /** Growth of legs that are exactly one of these kinds, ns. */
  double grown(LegKind... kinds) {
    double sum = 0;
    for (LegKind kind : kinds) {
      sum += excess.getOrDefault(kind.bit(), 0.0);
    }
    return sum;
  }

  /** Growth of legs that contain one of these kinds and, beside them, nothing but of the rest. */
  double grownWithin(long wanted, long rest) {
    double sum = 0;
    for (Map.Entry<Long, Double> leg : excess.entrySet()) {
      boolean within = (leg.getKey() & ~(wanted | rest)) == 0 && (leg.getKey() & wanted) != 0;
      sum += within ? leg.getValue() : 0;
    }
    return sum;
  }

  /**
   * Packets of the edge's connections that an observed kernel dropped in the range, by reason and
   * place ("QDISC_DROP in __dev_queue_xmit").
   */
  Map<String, Long> drops() {
    return calls.drops;
  }

  /** Whom the edge's server app waited for beside its hops in the range, by address, ns. */
  Map<String, Long> waits() {
    return calls.waits;
  }

  double total() {
    return excess.values().stream().mapToDouble(Double::doubleValue).sum();
  }

  /** Share (0..1) of this actor's growth in these kinds. */
  double share(LegKind... kinds) {
    return total() <= 0 ? 0 : grown(kinds) / total();
  }

  /** Mean of an evidence over the compared requests, on the suspect's edge. */
  double evidence(Evidence evidence) {
    return current.mean(edge, evidence);
  }

  /** How much the mean of an evidence grew, on the suspect's edge. */
  double grown(Evidence evidence) {
    return current.mean(edge, evidence) - before.mean(edge, evidence);
  }
}
