package io.hoptoll.bench.overhead;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * What is added to system calls that have nothing to do with sockets, and to a round trip that has.
 */
final class Calls {
  private static final String CALLS = "2000000";

  private final Bed bed;
  private final int exchanges;
  private final Samples getppid = new Samples();
  private final Samples read = new Samples();
  private final Samples roundTrip = new Samples();

  Calls(Bed bed, int exchanges) {
    this.bed = bed;
    this.exchanges = exchanges;
  }

  void round(List<Variant> variants) throws IOException {
    List<Variant> all = new ArrayList<>(variants);
    all.add(Variant.SCHEDULER);
    for (Variant variant : bed.shuffled(all)) {
      bed.attach(variant);
      double[] calls = bed.load("syscalls", CALLS);
      getppid.add(variant.name(), calls[0]);
      read.add(variant.name(), calls[1]);
      double[] trip = bed.load("pingpong", Integer.toString(exchanges));
      roundTrip.add(variant.name(), trip[0]);
    }
    bed.detach();
  }

  void print(PrintStream out, List<Variant> variants) {
    List<Variant> all = new ArrayList<>(variants);
    all.add(Variant.SCHEDULER);
    out.printf("%n### Added to system calls%n%n");
    out.printf(
        "| attached | getppid() ns | 1-byte read of /dev/zero ns | loopback round trip, both ends"
            + " watched, µs |%n");
    out.printf("| --- | ---: | ---: | ---: |%n");
    for (Variant variant : all) {
      out.printf(
          "| %s | %s | %s | %s |%n",
          variant.name(),
          against(getppid, variant, "%.0f"),
          against(read, variant, "%.0f"),
          against(roundTrip, variant, "%.2f"));
    }
  }

  /** {@code 190 (+43)}. */
  private static String against(Samples samples, Variant variant, String format) {
    double base = samples.median(Variant.NOTHING.name());
    double value = samples.median(variant.name());
    String text = format.formatted(value);
    return variant == Variant.NOTHING
        ? text
        : text + " (" + ("%+" + format.substring(1)).formatted(value - base) + ")";
  }
}
