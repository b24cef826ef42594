package io.hoptoll.minimesh.service;

import java.util.Arrays;

/**
 * What a knob really held back, request by request: the measured truth. Bounded: the last 65,536.
 */
final class Held {
  private final long[] nanos = new long[1 << 16];
  private long count;
  private long total;

  synchronized void add(long heldNanos) {
    nanos[(int) (count++ & (nanos.length - 1))] = heldNanos;
    total += heldNanos;
  }

  synchronized void reset() {
    count = 0;
    total = 0;
  }

  /** {@code COUNT TOTAL P50 P99}, nanoseconds. */
  synchronized String summary() {
    int n = (int) Math.min(count, nanos.length);
    long[] sorted = Arrays.copyOf(nanos, n);
    Arrays.sort(sorted);
    long p50 = n == 0 ? 0 : sorted[n / 2];
    long p99 = n == 0 ? 0 : sorted[Math.min(n - 1, n * 99 / 100)];
    return count + " " + total + " " + p50 + " " + p99;
  }
}
