package io.hoptoll.correlator;

import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Hop;
import io.hoptoll.model.Ledger;
import io.hoptoll.model.Leg;
import io.hoptoll.model.LegKind;
import io.hoptoll.model.Proxy;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** All calls of one edge in one window, whatever path they served: totals, legs, evidence. */
final class EdgeWindow {
  private static final int PODS_LATELY = 8;

  final Sketch totals = new Sketch();

  /** By kinds ({@link Leg#kinds()}), ns summed over the calls. */
  final LegSums legs = new LegSums();

  private final long[] evidence = new long[Evidence.values().length];

  /** Packets dropped, by reason and place; beside them {@link Troubles#unanswering}. */
  final Map<String, Long> drops = new HashMap<>();

  /**
   * By address and port, and name where a sidecar knows it: how long the server's app waited for it
   * beside its hops, ns.
   */
  final Map<String, Long> waits = new HashMap<>(4);

  /** By name: what the calls took at each server pod. */
  final Map<String, PodSums> pods = new HashMap<>(4);

  /** Who served last, a few of them, and their sums. */
  private Proxy[] lately = {};

  private PodSums[] latelySums = {};
  private int next;

  /** The same of the pods past the bound, together. */
  final PodSums otherPods = new PodSums();

  /**
   * @param node a call, with those that its server made
   * @param amounts the hop's evidence, by ordinal
   * @param dropped as of {@link #drops}
   */
  void add(PathNode node, long[] amounts, Map<String, Long> dropped) {
    Ledger ledger = node.hop().ledger();
    totals.add(ledger.totalNanos());
    PodSums pod = called(node.hop());
    long start = ledger.startNanos();
    for (int i = 0; i < ledger.legCount(); i++) {
      long kinds = ledger.legKinds(i);
      long nanos = ledger.legNanos(i);
      legs.add(kinds, nanos);
      boolean isService = (kinds & LegKind.SERVER_APP_SERVICE.bit()) != 0;
      long own = isService ? CriticalPath.withoutCalls(node, start, nanos) : nanos;
      pod.leg(Leg.party(kinds), own);
      start += nanos;
    }
    for (int i = 0; i < evidence.length; i++) {
      evidence[i] += amounts[i];
    }
    if (!dropped.isEmpty()) {
      dropped.forEach(this::drop);
    }
  }

  /** An earlier attempt is a call of the pod that it reached, though none of the edge's own. */
  void attempted(HalfHop attempt) {
    served(attempt.span().proxy()).call(attempt.span().isError());
  }

  private PodSums called(Hop hop) {
    HalfHop server = hop.server();
    PodSums pod = server == null ? new PodSums() : served(server.span().proxy());
    pod.call(server != null && server.span().isError());
    return pod;
  }

  /** By the proxy's object first: all entries of a stream share it. */
  @SuppressWarnings("ReferenceEquality")
  private PodSums served(Proxy proxy) {
    for (int i = 0; i < lately.length; i++) {
      if (lately[i] == proxy) {
        return latelySums[i];
      }
    }
    if (lately.length < PODS_LATELY) {
      lately = Arrays.copyOf(lately, lately.length + 1);
      latelySums = Arrays.copyOf(latelySums, lately.length);
    }
    int at = lately.length == PODS_LATELY ? next++ % PODS_LATELY : lately.length - 1;
    lately[at] = proxy;
    latelySums[at] = pod(proxy.pod());
    return latelySums[at];
  }

  private PodSums pod(String name) {
    PodSums known = pods.get(name);
    if (known != null || pods.size() >= Limits.PODS_PER_EDGE) {
      return known != null ? known : otherPods;
    }
    PodSums sums = new PodSums();
    pods.put(name, sums);
    return sums;
  }

  void pod(String name, PodSums sums) {
    pod(name).add(sums);
  }

  void drop(String reason, long packets) {
    if (drops.containsKey(reason) || mayHold(Troubles.isUnanswering(reason))) {
      drops.merge(reason, packets, Long::sum);
    }
  }

  /** Each sort has room of its own: many dead peers hide no packets. */
  private boolean mayHold(boolean unanswering) {
    return drops.size() < Limits.DROP_REASONS
        || drops.keySet().stream().filter(k -> Troubles.isUnanswering(k) == unanswering).count()
            < Limits.DROP_REASONS;
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
    other.pods.forEach(this::pod);
    otherPods.add(other.otherPods);
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
