package io.hoptoll.app.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TimeHistogramTest {
  @Test
  void aDurationIsInTheFirstBucketWhoseBoundIsNotBelow() {
    Duration[] bounds = Buckets.bounds();
    Random random = new Random(5);
    for (int i = 0; i < 100_000; i++) {
      long nanos = random.nextLong() >>> random.nextInt(63) + 1;
      int expected = 0;
      while (expected < bounds.length && bounds[expected].toNanos() < nanos) {
        expected++;
      }
      assertEquals(expected, TimeHistogram.bucket(nanos), () -> nanos + " ns");
    }
    for (int i = 0; i < bounds.length; i++) {
      assertEquals(i, TimeHistogram.bucket(bounds[i].toNanos()), "a bound is in its bucket");
      assertEquals(i + 1, TimeHistogram.bucket(bounds[i].toNanos() + 1));
    }
    assertEquals(0, TimeHistogram.bucket(0));
    assertEquals(0, TimeHistogram.bucket(-1), "clocks may disagree");
    assertEquals(bounds.length, TimeHistogram.bucket(Long.MAX_VALUE));
  }

  @Test
  void whatIsScrapedAddsUp() {
    TimeHistogram histogram = new TimeHistogram(Labels.of("leg", "x"));
    histogram.record(90_000);
    histogram.record(100_000);
    histogram.record(100_001);
    histogram.record(60_000_000_000L);
    HistogramDataPointSnapshot told = histogram.snapshot();
    ClassicHistogramBuckets buckets = told.getClassicBuckets();
    assertEquals(4, told.getCount());
    assertEquals(60.000290001, told.getSum(), 1e-9);
    assertEquals(2, buckets.getCount(0));
    assertEquals(100e-6, buckets.getUpperBound(0));
    assertEquals(1, buckets.getCount(1));
    assertEquals(1, buckets.getCount(buckets.size() - 1));
    assertEquals(Double.POSITIVE_INFINITY, buckets.getUpperBound(buckets.size() - 1));
    assertEquals("x", told.getLabels().get("leg"));
  }

  @Test
  void legsThatShareALabelAreOneSeries() {
    PrometheusRegistry prometheus = new PrometheusRegistry();
    TimeHistograms histograms = new TimeHistograms("x_seconds", "help");
    prometheus.register(histograms);
    histograms.of(Labels.of("leg", "{other}")).record(1);
    histograms.of(Labels.of("leg", "{other}")).record(2);
    HistogramSnapshot told = (HistogramSnapshot) prometheus.scrape().get(0);
    assertEquals(1, told.getDataPoints().size());
    assertEquals(2, told.getDataPoints().get(0).getCount());
  }
}
