package io.hoptoll.app.metrics;

import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One leg of one edge.
 *
 * @param histogram what Prometheus scrapes
 * @param other what is sent elsewhere; null: nothing is
 */
record LegMeter(TimeHistogram histogram, @Nullable Timer other) {
  void record(long nanos) {
    histogram.record(nanos);
    if (other != null) {
      other.record(nanos, TimeUnit.NANOSECONDS);
    }
  }
}
