package io.hoptoll.app.metrics;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** All series of one histogram, as Prometheus scrapes them. */
final class TimeHistograms implements Collector {
  private final String name;
  private final String help;
  private final Map<Labels, TimeHistogram> series = new ConcurrentHashMap<>();

  /**
   * @param name in Prometheus' form, with its unit: {@code ..._seconds}
   */
  TimeHistograms(String name, String help) {
    this.name = name;
    this.help = help;
  }

  /** One for equal labels: a scrape with two such series is refused as a whole. */
  TimeHistogram of(Labels labels) {
    return series.computeIfAbsent(labels, TimeHistogram::new);
  }

  @Override
  public MetricSnapshot collect() {
    HistogramSnapshot.Builder all = HistogramSnapshot.builder().name(name).help(help);
    series.values().forEach(s -> all.dataPoint(s.snapshot()));
    return all.build();
  }

  @Override
  public String getPrometheusName() {
    return name;
  }
}
