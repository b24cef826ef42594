package io.hoptoll.correlator;

import io.hoptoll.model.ClockSample;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/**
 * Maps a node's wall clock (ALS) to its monotonic clock (the probes'), by interpolating between the
 * measurements before and after: a slewed wall clock does no harm. Where it was stepped between
 * them, the nearer one counts.
 */
final class ClockMap {
  /** Kernels slew by 500 ppm (adjtime), and as much by frequency: what moves faster was stepped. */
  private static final long SLEW_PER = 1_000;

  private final Map<String, Deque<ClockSample>> samples = new HashMap<>();

  void add(ClockSample sample) {
    Deque<ClockSample> own = samples.computeIfAbsent(sample.node(), n -> new ArrayDeque<>());
    own.addLast(sample);
    if (own.size() > Limits.CLOCK_SAMPLES) {
      own.removeFirst();
    }
  }

  /** Nanoseconds of the node's monotonic clock; the wall time itself where the node is unknown. */
  long toMonotonic(String node, long wallNanos) {
    Deque<ClockSample> own = samples.get(node);
    if (own == null) {
      return wallNanos;
    }
    ClockSample nearest = own.getLast();
    ClockSample after = nearest;
    Iterator<ClockSample> newestFirst = own.descendingIterator();
    while (newestFirst.hasNext()) {
      ClockSample sample = newestFirst.next();
      boolean between = wall(sample) <= wallNanos && wallNanos < wall(after);
      if (between && isSlewed(sample, after)) {
        return wallNanos - offsetBetween(sample, after, wallNanos);
      }
      nearest = distance(sample, wallNanos) < distance(nearest, wallNanos) ? sample : nearest;
      after = sample;
    }
    return wallNanos - nearest.offsetNanos();
  }

  /** The node's wall clock, by its last measurement; the time itself where the node is unknown. */
  long toWall(String node, long monotonicNanos) {
    Deque<ClockSample> own = samples.get(node);
    return own == null ? monotonicNanos : monotonicNanos + own.getLast().offsetNanos();
  }

  /** By how much {@link #toMonotonic} may be wrong, ns. */
  long boundNanos(String node) {
    Deque<ClockSample> own = samples.get(node);
    return own == null ? 0 : own.getLast().boundNanos();
  }

  private static boolean isSlewed(ClockSample before, ClockSample after) {
    long passed = after.monotonicNanos() - before.monotonicNanos();
    long moved = Math.abs(after.offsetNanos() - before.offsetNanos());
    return moved <= passed / SLEW_PER + before.boundNanos() + after.boundNanos();
  }

  private static long offsetBetween(ClockSample before, ClockSample after, long wallNanos) {
    double part = (double) (wallNanos - wall(before)) / (wall(after) - wall(before));
    return before.offsetNanos() + Math.round(part * (after.offsetNanos() - before.offsetNanos()));
  }

  private static long wall(ClockSample sample) {
    return sample.monotonicNanos() + sample.offsetNanos();
  }

  private static long distance(ClockSample sample, long wallNanos) {
    return Math.abs(wallNanos - wall(sample));
  }
}
