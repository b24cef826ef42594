package io.hoptoll.app.metrics;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** All series of {@code hoptoll_leg_seconds}, as Prometheus scrapes them. */
final class LegHistograms implements Collector {
  private static final String NAME = "hoptoll_leg_seconds";

  private final List<TimeHistogram> series = new CopyOnWriteArrayList<>();

  TimeHistogram add(Labels labels) {
    TimeHistogram added = new TimeHistogram(labels);
    series.add(added);
    return added;
  }

  @Override
  public MetricSnapshot collect() {
    HistogramSnapshot.Builder all = HistogramSnapshot.builder().name(NAME).help(LegMeters.HELP);
    series.forEach(s -> all.dataPoint(s.snapshot()));
    return all.build();
  }

  @Override
  public String getPrometheusName() {
    return NAME;
  }
}
