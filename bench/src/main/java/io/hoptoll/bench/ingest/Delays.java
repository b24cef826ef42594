package io.hoptoll.bench.ingest;

import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long entries took from decoding to the join, as the server's own histogram has it.
 *
 * @param counts of those that took no longer, by seconds
 */
record Delays(Map<Double, Double> counts) {
  private static final Pattern BUCKET =
      Pattern.compile("hoptoll_correlator_delay_seconds_bucket\\{le=\"([0-9.e-]+)\"\\} ([0-9.e]+)");

  static Delays of(ServerProcess server) throws IOException {
    Map<Double, Double> counts = new TreeMap<>();
    Matcher bucket = BUCKET.matcher(server.metrics().replace("E", "e"));
    while (bucket.find()) {
      counts.put(Double.valueOf(bucket.group(1)), Double.valueOf(bucket.group(2)));
    }
    return new Delays(counts);
  }

  Delays since(Delays before) {
    Map<Double, Double> counts = new TreeMap<>();
    this.counts.forEach((le, n) -> counts.put(le, n - before.counts.getOrDefault(le, 0.0)));
    return new Delays(counts);
  }

  /** The lowest bound that this share (0..1) stays within, s; infinite beyond the last. */
  private double within(double share) {
    double all = counts.values().stream().mapToDouble(n -> n).max().orElse(0);
    return counts.entrySet().stream()
        .filter(e -> e.getValue() >= share * all)
        .mapToDouble(Map.Entry::getKey)
        .findFirst()
        .orElse(Double.POSITIVE_INFINITY);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "p50 within %.4g ms, p99 within %.4g ms of %.0f sampled",
        1e3 * within(0.5),
        1e3 * within(0.99),
        counts.values().stream().mapToDouble(n -> n).max().orElse(0));
  }
}
