package io.hoptoll.correlator;

import java.util.Arrays;

/** Sums of one request by slot number; used again for the next request. */
final class SlotSums {
  /** Takes one slot's sum. */
  interface Sum {
    void of(int slot, long nanos);
  }

  private long[] sums = new long[64];
  private int[] used = new int[64];
  private int size;

  void add(int slot, long nanos) {
    if (slot >= sums.length) {
      sums = Arrays.copyOf(sums, Math.max(slot + 1, 2 * sums.length));
    }
    if (sums[slot] == 0) {
      if (size == used.length) {
        used = Arrays.copyOf(used, 2 * size);
      }
      used[size++] = slot;
    }
    sums[slot] += nanos;
  }

  /** Hands out all sums, and forgets them. */
  void drain(Sum out) {
    for (int i = 0; i < size; i++) {
      out.of(used[i], sums[used[i]]);
      sums[used[i]] = 0;
    }
    size = 0;
  }
}
