package io.hoptoll.bench.accuracy;

import java.util.Locale;

/**
 * A share of so many trials with its 95 % interval, after Wilson (1927), which holds for few trials
 * and for shares near 0 and 1.
 */
record Wilson(long hits, long trials) {
  private static final double Z = 1.959964;

  double share() {
    return trials == 0 ? 0 : (double) hits / trials;
  }

  double low() {
    return trials == 0 ? 0 : Math.max(0, centre() - half());
  }

  double high() {
    return trials == 0 ? 1 : Math.min(1, centre() + half());
  }

  private double centre() {
    return (share() + Z * Z / (2.0 * trials)) / (1 + Z * Z / trials);
  }

  private double half() {
    double n = trials;
    double spread = share() * (1 - share()) / n + Z * Z / (4 * n * n);
    return Z * Math.sqrt(spread) / (1 + Z * Z / n);
  }

  /** Such as {@code 97.5 % (87.1–99.6; 39 of 40)}. */
  @Override
  public String toString() {
    return trials == 0
        ? "none"
        : String.format(
            Locale.ROOT,
            "%.1f %% (%.1f–%.1f; %d of %d)",
            100 * share(),
            100 * low(),
            100 * high(),
            hits,
            trials);
  }
}
