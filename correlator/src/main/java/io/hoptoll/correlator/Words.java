package io.hoptoll.correlator;

import java.util.Locale;

/** Numbers as a person reads them. */
final class Words {
  private Words() {}

  static String millis(double nanos) {
    double ms = nanos / 1e6;
    return String.format(Locale.ROOT, Math.abs(ms) < 10 ? "%.2f ms" : "%.1f ms", ms);
  }

  static String percent(double share) {
    return String.format(Locale.ROOT, "%.0f %%", 100 * share);
  }

  static String number(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.0f", value);
  }
}
