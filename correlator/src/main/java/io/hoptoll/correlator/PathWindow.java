package io.hoptoll.correlator;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one path in one window. Totals and each leg of each edge have a sketch, for
 * quantiles. The composition of the tail cannot come from those (the p99 of the legs are of
 * different requests and do not add up): per coarse bucket of the total the sum of every leg is
 * kept beside them, so that the slow requests' own legs are known.
 */
final class PathWindow {
  final Slots slots = new Slots();
  final TreeMap<Integer, Bucket> buckets = new TreeMap<>();
  final Sketch totals = new Sketch();

  /** By slot; null: not a leg. */
  private @Nullable Sketch[] legs = {};

  private final Map<Edge, EdgeSlots> byEdge = new HashMap<>(4);
  private final Map<Failure, Long> failures = new HashMap<>(4);

  /** Counts a request, and gives the bucket for its legs and evidence. */
  Bucket request(long totalNanos, boolean isError) {
    totals.add(totalNanos);
    Bucket bucket = bucket(Bucket.index(totalNanos));
    bucket.count++;
    bucket.totalNanos += totalNanos;
    bucket.errors += isError ? 1 : 0;
    return bucket;
  }

  /** The sum of one leg in one request of the bucket. */
  void leg(Bucket bucket, int slot, long nanos) {
    bucket.add(slot, nanos);
    leg(slot).add(nanos);
  }

  EdgeSlots slotsOf(Edge edge) {
    EdgeSlots known = byEdge.get(edge);
    if (known == null) {
      known = new EdgeSlots(edge, slots);
      byEdge.put(edge, known);
    }
    return known;
  }

  Bucket bucket(int index) {
    return buckets.computeIfAbsent(index, i -> new Bucket(slots));
  }

  /** The sketch of a leg, made where there is none. */
  Sketch leg(int slot) {
    if (slot >= legs.length) {
      legs = Arrays.copyOf(legs, Math.max(slot + 1, slots.size()));
    }
    Sketch own = legs[slot];
    if (own == null) {
      own = new Sketch();
      legs[slot] = own;
    }
    return own;
  }

  @Nullable Sketch legOrNull(int slot) {
    return slot >= 0 && slot < legs.length ? legs[slot] : null;
  }

  static PathWindow merge(Collection<PathWindow> windows) {
    PathWindow all = new PathWindow();
    for (PathWindow w : windows) {
      int[] here = all.slots.of(w.slots);
      w.buckets.forEach((i, b) -> all.bucket(i).add(b, here));
      all.totals.add(w.totals);
      for (int i = 0; i < here.length; i++) {
        Sketch leg = w.legOrNull(i);
        if (leg != null) {
          all.leg(here[i]).add(leg);
        }
      }
      w.failures.forEach((f, n) -> all.failed(f, n));
    }
    return all;
  }

  /** Counts requests that failed; kinds of failure beyond the bound are left out. */
  void failed(Failure failure, long n) {
    if (failures.size() < Limits.FAILURES_PER_PATH || failures.containsKey(failure)) {
      failures.merge(failure, n, Long::sum);
    }
  }

  Map<Failure, Long> failures() {
    return failures;
  }

  long count() {
    return totals.count();
  }

  /** Responses 5xx or none. */
  long errors() {
    return buckets.values().stream().mapToLong(b -> b.errors).sum();
  }

  /** Mean total of the requests between two ranks (0..1), ns; 0 where there are none. */
  double meanTotal(double fromRank, double toRank) {
    return compose(fromRank, toRank).meanTotalNanos();
  }

  /** Mean total and mean legs of the requests between two ranks of the total. */
  Composition compose(double fromRank, double toRank) {
    double n = count();
    double lo = fromRank * n;
    double hi = toRank * n;
    double seen = 0;
    Composition.Builder c = new Composition.Builder(slots);
    for (Map.Entry<Integer, Bucket> e : buckets.entrySet()) {
      Bucket b = e.getValue();
      double part = Math.min(hi, seen + b.count) - Math.max(lo, seen);
      if (part > 0) {
        c.add(b, part / b.count);
      }
      seen += b.count;
    }
    return c.build();
  }

  /** The total at a rank, ns. */
  double quantile(double rank) {
    return totals.quantile(rank);
  }

  /** What a leg took at a rank of its own among all requests, ns; 0 in those without it. */
  double quantile(Slot leg, double rank) {
    Sketch own = legOrNull(slots.find(leg));
    return own == null ? 0 : own.quantile(rank, totals.count());
  }
}
