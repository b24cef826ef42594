package io.hoptoll.correlator;

import io.hoptoll.model.Hop;
import io.hoptoll.model.Ledger;
import java.util.HashMap;
import java.util.Map;

/** All calls of one edge in one window, whatever path they served: totals, legs, evidence. */
final class EdgeWindow {
  final Sketch totals = new Sketch();

  /** By kinds ({@link Leg#kinds()}), ns summed over the calls. */
  final LegSums legs = new LegSums();

  private final long[] evidence = new long[Evidence.values().length];

  /** Packets dropped, by reason and place. */
  final Map<String, Long> drops = new HashMap<>();

  /** By address and port: how long the server's app waited for it beside its hops, ns. */
  final Map<String, Long> waits = new HashMap<>(4);

  /**
   * @param amounts the hop's evidence, by ordinal
   * @param dropped packets dropped, by reason and place
   */
  void add(Hop hop, long[] amounts, Map<String, Long> dropped) {
    totals.add(hop.ledger().totalNanos());
    Ledger ledger = hop.ledger();
    for (int i = 0; i < ledger.legCount(); i++) {
      legs.add(ledger.legKinds(i), ledger.legNanos(i));
    }
    for (int i = 0; i < evidence.length; i++) {
      evidence[i] += amounts[i];
    }
    if (!dropped.isEmpty()) {
      dropped.forEach(this::drop);
    }
  }

  void drop(String reason, long packets) {
    if (drops.containsKey(reason) || drops.size() < Limits.DROP_REASONS) {
      drops.merge(reason, packets, Long::sum);
    }
  }

  void waited(String peer, long nanos) {
    if (waits.containsKey(peer) || waits.size() < Limits.PEERS) {
      waits.merge(peer, nanos, Long::sum);
    }
  }

  void add(EdgeWindow other) {
    totals.add(other.totals);
    other.legs.each(legs::add);
    other.drops.forEach(this::drop);
    other.waits.forEach(this::waited);
    for (int i = 0; i < evidence.length; i++) {
      evidence[i] += other.evidence[i];
    }
  }

  void evidence(Evidence e, long amount) {
    evidence[e.ordinal()] += amount;
  }

  long sum(Evidence e) {
    return evidence[e.ordinal()];
  }

  void leg(long kinds, long nanos) {
    legs.add(kinds, nanos);
  }
}
