package io.hoptoll.correlator;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The requests of one path in one window: per logarithmic bucket of the total, the count and the
 * sum of every leg, so that the composition of the tail is known and not only each leg's own tail.
 */
final class PathWindow {
  private final TreeMap<Integer, Bucket> buckets = new TreeMap<>();
  private final Map<Failure, Long> failures = new HashMap<>();

  Bucket bucket(long totalNanos) {
    return buckets.computeIfAbsent(Bucket.index(totalNanos), i -> new Bucket());
  }

  static PathWindow merge(Collection<PathWindow> windows) {
    PathWindow all = new PathWindow();
    for (PathWindow w : windows) {
      w.buckets.forEach((i, b) -> all.buckets.computeIfAbsent(i, k -> new Bucket()).add(b));
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
    return buckets.values().stream().mapToLong(b -> b.count).sum();
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

  /** The total at a rank, ns: the mean of the bucket that holds it. */
  double quantile(double rank) {
    double at = rank * count();
    double seen = 0;
    double last = 0;
    for (Bucket b : buckets.values()) {
      last = (double) b.totalNanos / b.count;
      seen += b.count;
      if (seen >= at) {
        return last;
      }
    }
    return last;
  }
}
