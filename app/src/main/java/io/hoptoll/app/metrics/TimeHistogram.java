package io.hoptoll.app.metrics;

import io.hoptoll.model.OneWriterCounts;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;

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
  private final OneWriterCounts counts = new OneWriterCounts(BUCKETS + 1);

  TimeHistogram(Labels labels) {
    this.labels = labels;
  }

  /** By one thread. */
  void record(long nanos) {
    counts.add(bucket(nanos), 1);
    counts.add(SUM, nanos);
  }

  HistogramDataPointSnapshot snapshot() {
    long[] numbers = new long[BUCKETS];
    for (int i = 0; i < BUCKETS; i++) {
      numbers[i] = counts.get(i);
    }
    return HistogramDataPointSnapshot.builder()
        .labels(labels)
        .classicHistogramBuckets(ClassicHistogramBuckets.of(UPPER, numbers))
        .sum(counts.get(SUM) / 1e9)
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
