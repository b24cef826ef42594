package io.hoptoll.minimesh;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Envoy's counters and histograms' sums, in Prometheus' form, where a histogram has its sum. */
public final class EnvoyStats {
  private final Map<String, Double> values;

  private EnvoyStats(Map<String, Double> values) {
    this.values = values;
  }

  static EnvoyStats of(Path adminSocket) {
    Map<String, Double> values = new HashMap<>();
    Admin.call(adminSocket, "GET", "/stats/prometheus")
        .lines()
        .filter(line -> line.startsWith("envoy_") && !line.contains("_bucket{"))
        .forEach(
            line -> {
              int space = line.lastIndexOf(' ');
              values.put(line.substring(0, space), Double.parseDouble(line.substring(space + 1)));
            });
    return new EnvoyStats(values);
  }

  /**
   * Sum over all series whose name ends so and whose labels contain this text; 0 where there is
   * none yet. Only the end counts, because Envoy takes a cluster for named up to its first dot: the
   * rest of the host's name slips into the metric's.
   *
   * @param end such as {@code upstream_cx_connect_ms_sum}
   */
  public double sum(String end, String labels) {
    return values.entrySet().stream()
        .filter(e -> e.getKey().contains("_" + end + "{") && e.getKey().contains(labels))
        .mapToDouble(Map.Entry::getValue)
        .sum();
  }
}
