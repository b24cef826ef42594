package io.hoptoll.correlator;

import java.util.Arrays;

/** Requests of about the same total: their count, and the sum of every leg and evidence. */
final class Bucket {
  /** Four buckets an octave: totals within 19 % share one. */
  private static final int PER_OCTAVE_BITS = 2;

  long count;
  long totalNanos;
  long errors;
  private final Slots slots;
  private long[] sums;

  Bucket(Slots slots) {
    this.slots = slots;
    this.sums = new long[slots.size()];
  }

  static int index(long totalNanos) {
    return Sketch.index(totalNanos, PER_OCTAVE_BITS);
  }

  void add(Slot slot, long amount) {
    if (amount != 0) {
      add(slots.of(slot), amount);
    }
  }

  void add(int slot, long amount) {
    if (slot >= sums.length) {
      sums = Arrays.copyOf(sums, slots.size());
    }
    sums[slot] += amount;
  }

  long sum(int slot) {
    return slot < sums.length ? sums[slot] : 0;
  }

  /**
   * @param here for each of the other's slots the one here
   */
  void add(Bucket other, int[] here) {
    count += other.count;
    totalNanos += other.totalNanos;
    errors += other.errors;
    for (int i = 0; i < other.sums.length; i++) {
      if (other.sums[i] != 0) {
        add(here[i], other.sums[i]);
      }
    }
  }
}
