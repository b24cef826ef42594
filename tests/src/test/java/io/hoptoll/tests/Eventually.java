package io.hoptoll.tests;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what must happen; fails with words when it does not. */
final class Eventually {
  private static final long POLL_NANOS = 100_000_000;

  private Eventually() {}

  static void isTrue(Duration within, BooleanSupplier condition, Supplier<String> otherwise) {
    long deadline = System.nanoTime() + within.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError(otherwise.get());
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
  }
}
