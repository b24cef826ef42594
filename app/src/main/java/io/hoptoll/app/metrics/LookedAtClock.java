package io.hoptoll.app.metrics;

import io.micrometer.core.instrument.Clock;

/**
 * The time when someone looked last. A timer asks its clock at every record, only to age its
 * maximum; a request has some thirty legs. For meters that are told durations: it measures none.
 */
final class LookedAtClock implements Clock {
  private volatile long monotonicNanos;
  private volatile long wallMillis;

  LookedAtClock() {
    look();
  }

  void look() {
    monotonicNanos = Clock.SYSTEM.monotonicTime();
    wallMillis = Clock.SYSTEM.wallTime();
  }

  @Override
  public long wallTime() {
    return wallMillis;
  }

  @Override
  public long monotonicTime() {
    return monotonicNanos;
  }
}
