package io.hoptoll.bench.overhead;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Programs alone: the time that the kernel says each took, by end and exchange. */
final class Programs {
  /** As load.c's. */
  private static final int WARM_UP = 2_000;

  private static final int ENDS = 2;

  /**
   * Beginnings of names (the kernel keeps 15 letters) that run in the agent's own thread, on
   * demand.
   */
  private static final List<String> ON_DEMAND =
      List.of("flush_idle", "look_at_", "list_listen", "adopt_");

  private static final Set<String> SCHEDULER =
      Set.of("cpu_switched", "thread_woken", "thread_begins");

  private final Bed bed;
  private final int exchanges;
  private final Samples nanos = new Samples();
  private final Samples runs = new Samples();
  private final Samples told = new Samples();

  Programs(Bed bed, int exchanges) {
    this.bed = bed;
    this.exchanges = exchanges;
  }

  void round(List<Variant> variants) throws IOException {
    bed.programTimes(true);
    for (Variant variant : bed.shuffled(variants)) {
      if (variant != Variant.NOTHING) {
        measure(variant);
      }
    }
    bed.detach();
    bed.programTimes(false);
  }

  private void measure(Variant variant) throws IOException {
    bed.attach(variant);
    List<ProgramRun> before = bed.programs();
    bed.load("pingpong", Integer.toString(exchanges));
    double ends = ENDS * (exchanges + WARM_UP);
    for (ProgramRun ran : ProgramRun.between(before, bed.programs())) {
      if (ON_DEMAND.stream().noneMatch(ran.name()::startsWith)) {
        String key = key(variant, ran.name());
        nanos.add(key, ran.nanosPerRun());
        runs.add(key, ran.runs() / ends);
      }
    }
    if (variant.isHoptoll()) {
      long[] seen = bed.seen();
      told.add(variant.name(), seen[0]);
      told.add(variant.name() + " lost", seen[1]);
      told.add(variant.name() + " expected", ends);
    }
  }

  private static String key(Variant variant, String program) {
    return variant.name() + "|" + program;
  }

  /** What the kernel's clock alone reads: an empty program's time. */
  private double empty() {
    return nanos.names().stream()
        .filter(name -> name.startsWith(Variant.EMPTY.name() + "|") && runs.median(name) > 0.5)
        .mapToDouble(nanos::median)
        .average()
        .orElse(0);
  }

  void print(PrintStream out, List<Variant> variants) {
    double empty = empty();
    out.printf("%n### Programs alone%n%nAn empty program reads %.0f ns: subtracted.%n%n", empty);
    out.printf("| attached | ns per end and exchange | of it by hook (ns an event × events) |%n");
    out.printf("| --- | ---: | --- |%n");
    for (Variant variant : variants) {
      if (variant != Variant.NOTHING) {
        row(out, variant, variant.name(), programs(variant, false), empty);
      }
      if (variant.isHoptoll()) {
        row(out, variant, "its scheduler hooks", programs(variant, true), empty);
      }
    }
    for (String name : told.names()) {
      if (told.names().contains(name + " lost")) {
        out.printf(
            "%n%s: %.0f exchanges told of %.0f made, %.0f lost%n",
            name, told.sum(name), told.sum(name + " expected"), told.sum(name + " lost"));
      }
    }
  }

  /** Keys of one variant's programs that ran often enough to matter. */
  private List<String> programs(Variant variant, boolean scheduler) {
    String begin = key(variant, "");
    return nanos.names().stream()
        .filter(name -> name.startsWith(begin) && runs.median(name) > 0.01)
        .filter(name -> scheduler == SCHEDULER.contains(name.substring(begin.length())))
        .sorted()
        .toList();
  }

  private void row(
      PrintStream out, Variant variant, String title, List<String> keys, double empty) {
    double sum = keys.stream().mapToDouble(k -> (nanos.median(k) - empty) * runs.median(k)).sum();
    int cut = key(variant, "").length();
    String hooks =
        keys.stream()
            .map(
                k ->
                    "%s %.0f × %.2f"
                        .formatted(k.substring(cut), nanos.median(k) - empty, runs.median(k)))
            .collect(Collectors.joining(", "));
    out.printf("| %s | %.0f | %s |%n", title, sum, hooks);
  }
}
