package io.hoptoll.correlator;

import java.util.HashMap;
import java.util.Map;

/** Requests of about the same total: their count, and the sum of every leg and evidence. */
final class Bucket {
  /** Four buckets an octave: totals within 19 % share one. */
  private static final int PER_OCTAVE_BITS = 2;

  long count;
  long totalNanos;
  long errors;
  final Map<Slot, long[]> sums = new HashMap<>();

  static int index(long totalNanos) {
    return Sketch.index(totalNanos, PER_OCTAVE_BITS);
  }

  void add(Slot slot, long amount) {
    if (amount != 0) {
      sums.computeIfAbsent(slot, s -> new long[1])[0] += amount;
    }
  }

  void add(Bucket other) {
    count += other.count;
    totalNanos += other.totalNanos;
    errors += other.errors;
    other.sums.forEach((slot, sum) -> add(slot, sum[0]));
  }
}
