package io.hoptoll.wire;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Doubles from attempt to attempt; half of it by chance, so that agents do not come in step. */
final class BackOff {
  private long nextNanos = Limits.BACK_OFF_MIN.toNanos();

  Duration next() {
    long now = nextNanos;
    nextNanos = Math.min(2 * nextNanos, Limits.BACK_OFF_MAX.toNanos());
    return Duration.ofNanos(now / 2 + ThreadLocalRandom.current().nextLong(now / 2 + 1));
  }

  void reset() {
    nextNanos = Limits.BACK_OFF_MIN.toNanos();
  }
}
