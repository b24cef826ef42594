package io.hoptoll.correlator;

import java.util.Map;
import java.util.TreeMap;

/** Durations by logarithmic bucket ({@link Bucket#index}): counts and sums, mergeable. */
final class Histogram {
  /** Per bucket: count, sum of nanoseconds. */
  private final TreeMap<Integer, long[]> buckets = new TreeMap<>();

  void add(long nanos) {
    add(Bucket.index(nanos), 1, nanos);
  }

  void add(Histogram other) {
    other.buckets.forEach((index, b) -> add(index, b[0], b[1]));
  }

  private void add(int index, long count, long nanos) {
    long[] bucket = buckets.computeIfAbsent(index, i -> new long[2]);
    bucket[0] += count;
    bucket[1] += nanos;
  }

  long count() {
    return buckets.values().stream().mapToLong(b -> b[0]).sum();
  }

  /** ns; 0 where nothing was added. */
  double mean() {
    long n = count();
    return n == 0 ? 0 : (double) buckets.values().stream().mapToLong(b -> b[1]).sum() / n;
  }

  /** The duration at a rank (0..1), ns: the mean of the bucket that holds it. */
  double quantile(double rank) {
    double at = rank * count();
    double seen = 0;
    double last = 0;
    for (Map.Entry<Integer, long[]> e : buckets.entrySet()) {
      long[] bucket = e.getValue();
      last = (double) bucket[1] / bucket[0];
      seen += bucket[0];
      if (seen >= at) {
        return last;
      }
    }
    return last;
  }
}
