package io.hoptoll.wire;

import java.time.Instant;

/** One look at this machine's clocks: wall = monotonic + offset, wrong by at most the bound. */
record Clock(long monotonicNanos, long offsetNanos, long boundNanos) {
  static Clock measure() {
    long before = System.nanoTime();
    long wall = wallNanos();
    long half = (System.nanoTime() - before) / 2;
    return new Clock(before + half, wall - before - half, half + 1);
  }

  static long wallNanos() {
    Instant now = Instant.now();
    return now.getEpochSecond() * 1_000_000_000L + now.getNano();
  }
}
