package io.hoptoll.correlator;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

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

  /** Who it is, and why: every headline on a finding begins so. */
  static String blame(Verdict.Finding f) {
    return f.party().label() + " of " + f.actor().name() + ": " + f.cause() + ", ";
  }

  /**
   * Evidence of which process it was.
   *
   * @param worker null: it is not known any more
   */
  static String process(ProcessKey key, Owners.@Nullable Worker worker) {
    return "the process: pid "
        + key.tgid()
        + (key.node().isEmpty() ? "" : " on node " + key.node())
        + (worker == null ? "" : ", by its thread " + worker.name());
  }

  /** Adds why kernels dropped packets of the suspect's edge, where any did. */
  static void drops(Suspect s, List<String> evidence) {
    Map<String, Long> packets = Troubles.packets(s.drops());
    if (!packets.isEmpty()) {
      evidence.add("packets dropped by an observed kernel: " + commonest(packets));
    }
  }

  /** The two commonest, with how many. */
  static String commonest(Map<String, Long> amounts) {
    return amounts.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .limit(2)
        .map(e -> e.getValue() + " × " + e.getKey())
        .collect(Collectors.joining(", "));
  }

  static String number(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.0f", value);
  }
}
