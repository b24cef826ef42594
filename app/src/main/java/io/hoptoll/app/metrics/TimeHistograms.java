package io.hoptoll.app.metrics;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** All series of one histogram, as Prometheus scrapes them. */
final class TimeHistograms implements Collector {
  private final String name;
  private final String help;
  private final List<TimeHistogram> series = new CopyOnWriteArrayList<>();

  /**
   * @param name in Prometheus' form, with its unit: {@code ..._seconds}
   */
  TimeHistograms(String name, String help) {
    this.name = name;
    this.help = help;
  }

  TimeHistogram add(Labels labels) {
    TimeHistogram added = new TimeHistogram(labels);
    series.add(added);
    return added;
  }

  @Override
  public MetricSnapshot collect() {
    HistogramSnapshot.Builder all = HistogramSnapshot.builder().name(name).help(help);
    series.forEach(s -> all.dataPoint(s.snapshot()));
    return all.build();
  }

  @Override
  public String getPrometheusName() {
    return name;
  }
}
