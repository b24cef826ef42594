package io.hoptoll.agent;

import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/** A duty of the agent's thread, done about every so often. */
final class Periodic {
  private final long everyNanos;
  private final LongConsumer duty;
  private long lastNanos = System.nanoTime();

  Periodic(long everyMillis, LongConsumer duty) {
    this.everyNanos = TimeUnit.MILLISECONDS.toNanos(everyMillis);
    this.duty = duty;
  }

  void runIfDue(long nowNanos) {
    if (nowNanos - lastNanos >= everyNanos) {
      lastNanos = nowNanos;
      duty.accept(nowNanos);
    }
  }
}
