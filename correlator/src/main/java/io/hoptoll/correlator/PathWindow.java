package io.hoptoll.correlator;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The requests of one path in one window. Totals and each leg of each edge have a sketch, for
 * quantiles. The composition of the tail cannot come from those (the p99 of the legs are of
 * different requests and do not add up): per coarse bucket of the total the sum of every leg is
 * kept beside them, so that the slow requests' own legs are known.
 */
final class PathWindow {
  final TreeMap<Integer, Bucket> buckets = new TreeMap<>();
  final Sketch totals = new Sketch();
  final Map<Slot, Sketch> legs = new HashMap<>();
  private final Map<Failure, Long> failures = new HashMap<>();

  /** Counts a request, and gives the bucket for its evidence. */
  Bucket request(long totalNanos, boolean isError, Map<Slot, Long> ownLegs) {
    totals.add(totalNanos);
    Bucket bucket = buckets.computeIfAbsent(Bucket.index(totalNanos), i -> new Bucket());
    bucket.count++;
    bucket.totalNanos += totalNanos;
    bucket.errors += isError ? 1 : 0;
    ownLegs.forEach(
        (slot, nanos) -> {
          bucket.add(slot, nanos);
          legs.computeIfAbsent(slot, s -> new Sketch()).add(nanos);
        });
    return bucket;
  }

  static PathWindow merge(Collection<PathWindow> windows) {
    PathWindow all = new PathWindow();
    for (PathWindow w : windows) {
      w.buckets.forEach((i, b) -> all.buckets.computeIfAbsent(i, k -> new Bucket()).add(b));
      all.totals.add(w.totals);
      w.legs.forEach((slot, s) -> all.legs.computeIfAbsent(slot, k -> new Sketch()).add(s));
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
    Composition.Builder c = new Composition.Builder();
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
    Sketch own = legs.get(leg);
    return own == null ? 0 : own.quantile(rank, totals.count());
  }
}
