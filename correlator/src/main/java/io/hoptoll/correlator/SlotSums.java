package io.hoptoll.correlator;

import java.util.Arrays;

/** Sums of one request by slot number; used again for the next request. */
final class SlotSums {
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

  /** Hands all sums to a bucket of the window, and forgets them. */
  void drain(PathWindow out, Bucket bucket) {
    for (int i = 0; i < size; i++) {
      out.leg(bucket, used[i], sums[used[i]]);
      sums[used[i]] = 0;
    }
    size = 0;
  }
}
