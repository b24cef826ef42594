package io.hoptoll.bench.accuracy;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waits. */
final class Pause {
  private Pause() {}

  static void until(Instant then) {
    seconds(Duration.between(Instant.now(), then).toNanos() / 1e9);
  }

  static void seconds(double seconds) {
    long until = System.nanoTime() + (long) (seconds * TimeUnit.SECONDS.toNanos(1));
    for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
