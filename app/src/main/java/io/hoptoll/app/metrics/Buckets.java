package io.hoptoll.app.metrics;

import java.time.Duration;

/**
 * Bounds of every time histogram: 1, 2.5, 5 a decade from 100 µs, below which no leg matters to a
 * user, to 25 s. OTLP sends exponential histograms instead.
 */
final class Buckets {
  private Buckets() {}

  static Duration[] bounds() {
    long[] steps = {100, 250, 500};
    Duration[] bounds = new Duration[17];
    long scale = 1;
    for (int i = 0; i < bounds.length; i++) {
      bounds[i] = Duration.ofNanos(steps[i % 3] * scale * 1_000);
      scale *= i % 3 == 2 ? 10 : 1;
    }
    return bounds;
  }
}
