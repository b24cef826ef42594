package io.hoptoll.agent;

import io.hoptoll.model.ClockSample;
import java.time.Instant;

/**
 * Measures wall − monotonic clock: the wall clock between two readings of the monotonic one, the
 * tightest of several tries. {@link System#nanoTime()} is CLOCK_MONOTONIC on Linux, as the probes'
 * bpf_ktime_get_ns().
 */
final class NodeClock {
  private static final int TRIES = 16;

  private final String node;

  NodeClock(String node) {
    this.node = node;
  }

  ClockSample measure() {
    long bestWidth = Long.MAX_VALUE;
    long bestMonotonic = 0;
    long bestOffset = 0;
    for (int i = 0; i < TRIES; i++) {
      long before = System.nanoTime();
      Instant wall = Instant.now();
      long after = System.nanoTime();
      if (after - before < bestWidth) {
        bestWidth = after - before;
        bestMonotonic = before + bestWidth / 2;
        bestOffset = wall.getEpochSecond() * 1_000_000_000L + wall.getNano() - bestMonotonic;
      }
    }
    return new ClockSample(node, bestMonotonic, bestOffset, bestWidth / 2 + 1);
  }
}
