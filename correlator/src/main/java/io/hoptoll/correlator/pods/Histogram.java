package io.hoptoll.correlator.pods;

import java.util.ArrayList;
import java.util.List;

/** Durations in powers of two from 1 µs to 67 s; the last bucket takes what is longer. */
final class Histogram {
  private static final int FIRST_POWER = 10; // 1,024 ns
  private static final int BUCKETS = 28;

  private final long[] counts = new long[BUCKETS];
  private long count;
  private long sumNanos;

  void add(long nanos) {
    change(nanos, 1);
  }

  /** A value that was added has grown since. */
  void replace(long before, long now) {
    change(before, -1);
    change(now, 1);
  }

  private void change(long nanos, int by) {
    counts[bucket(nanos)] += by;
    count += by;
    sumNanos += by * nanos;
  }

  private static int bucket(long nanos) {
    int power = nanos <= 1 ? 0 : 64 - Long.numberOfLeadingZeros(nanos - 1);
    return Math.min(BUCKETS - 1, Math.max(0, power - FIRST_POWER));
  }

  Distribution read() {
    List<Distribution.Bucket> filled = new ArrayList<>();
    long cumulative = 0;
    for (int i = 0; i < BUCKETS; i++) {
      cumulative += counts[i];
      if (counts[i] > 0) {
        long bound = i == BUCKETS - 1 ? Long.MAX_VALUE : 1L << (FIRST_POWER + i);
        filled.add(new Distribution.Bucket(bound, cumulative));
      }
    }
    return new Distribution(count, sumNanos, filled);
  }
}
