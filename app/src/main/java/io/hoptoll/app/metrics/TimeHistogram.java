package io.hoptoll.app.metrics;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * One series of durations with {@link Buckets}' bounds. A timer of Micrometer's takes locked
 * instructions for its count, sum, maximum and bucket; this has one writer, and any may read.
 */
final class TimeHistogram {
  private static final long[] BOUNDS = nanos();
  private static final int BUCKETS = BOUNDS.length + 1;

  /** Bounds in seconds, the last one infinite. */
  private static final double[] UPPER = upper();

  /** By the octave of a duration the first bucket that it may be in. */
  private static final int[] FIRST = first();

  private static final int SUM = BUCKETS;

  private final Labels labels;

  /** By bucket, then {@link #SUM}, ns. */
  private final AtomicLongArray counts = new AtomicLongArray(BUCKETS + 1);

  TimeHistogram(Labels labels) {
    this.labels = labels;
  }

  /** By one thread. */
  void record(long nanos) {
    add(bucket(nanos), 1);
    add(SUM, nanos);
  }

  HistogramDataPointSnapshot snapshot() {
    long[] numbers = new long[BUCKETS];
    for (int i = 0; i < BUCKETS; i++) {
      numbers[i] = counts.getAcquire(i);
    }
    return HistogramDataPointSnapshot.builder()
        .labels(labels)
        .classicHistogramBuckets(ClassicHistogramBuckets.of(UPPER, numbers))
        .sum(counts.getAcquire(SUM) / 1e9)
        .build();
  }

  /** The first whose bound is not below; the last has none. */
  static int bucket(long nanos) {
    int i = FIRST[Long.SIZE - Long.numberOfLeadingZeros(Math.max(0, nanos))];
    while (i < BOUNDS.length && BOUNDS[i] < nanos) {
      i++;
    }
    return i;
  }

  private void add(int at, long n) {
    counts.setRelease(at, counts.getPlain(at) + n);
  }

  private static long[] nanos() {
    return java.util.Arrays.stream(Buckets.bounds()).mapToLong(b -> b.toNanos()).toArray();
  }

  private static double[] upper() {
    double[] upper = new double[BUCKETS];
    for (int i = 0; i < BOUNDS.length; i++) {
      upper[i] = BOUNDS[i] / 1e9;
    }
    upper[BOUNDS.length] = Double.POSITIVE_INFINITY;
    return upper;
  }

  private static int[] first() {
    int[] first = new int[Long.SIZE];
    for (int octave = 0; octave < first.length; octave++) {
      long least = octave == 0 ? 0 : 1L << octave - 1;
      int i = 0;
      while (i < BOUNDS.length && BOUNDS[i] < least) {
        i++;
      }
      first[octave] = i;
    }
    return first;
  }
}
