package io.hoptoll.app.metrics;

import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A snapshot that all meters of one scrape share: made anew when older than half a second. */
final class Recent<T> {
  private static final long MAX_AGE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private final Supplier<T> source;
  private @Nullable T value;
  private long madeNanos;

  Recent(Supplier<T> source) {
    this.source = source;
  }

  synchronized T get() {
    long now = System.nanoTime();
    T current = value;
    if (current == null || now - madeNanos > MAX_AGE_NANOS) {
      current = source.get();
      value = current;
      madeNanos = now;
    }
    return current;
  }
}
