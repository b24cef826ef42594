package io.hoptoll.app.metrics;

import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Durations of one sort, told to whoever wants them.
 *
 * @param histogram what Prometheus scrapes
 * @param other what is sent elsewhere; null: nothing is
 */
record DurationMeter(TimeHistogram histogram, @Nullable Timer other) {
  void record(long nanos) {
    histogram.record(nanos);
    if (other != null) {
      other.record(nanos, TimeUnit.NANOSECONDS);
    }
  }
}
