package io.hoptoll.correlator;

import io.hoptoll.model.ClockSample;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/**
 * Maps a node's wall clock (ALS) to its monotonic clock (the probes') by the measurement nearest in
 * time, so that a stepped or slewed wall clock does no harm.
 */
final class ClockMap {
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
    long best = distance(nearest, wallNanos);
    Iterator<ClockSample> newestFirst = own.descendingIterator();
    while (newestFirst.hasNext()) {
      ClockSample sample = newestFirst.next();
      long distance = distance(sample, wallNanos);
      if (distance > best) {
        break;
      }
      best = distance;
      nearest = sample;
    }
    return wallNanos - nearest.offsetNanos();
  }

  /** By how much {@link #toMonotonic} may be wrong, ns. */
  long boundNanos(String node) {
    Deque<ClockSample> own = samples.get(node);
    return own == null ? 0 : own.getLast().boundNanos();
  }

  private static long distance(ClockSample sample, long wallNanos) {
    return Math.abs(wallNanos - (sample.monotonicNanos() + sample.offsetNanos()));
  }
}
