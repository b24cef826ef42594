package io.hoptoll.bench.accuracy;

import java.io.PrintStream;
import java.util.Locale;

/** A line as each case ends. */
final class Progress {
  private final PrintStream out;
  private final int of;
  private final long beginNanos = System.nanoTime();
  private int asks;
  private int done;
  private int right;

  Progress(PrintStream out, int of) {
    this.out = out;
    this.of = of;
  }

  void session(Traffic traffic) {
    out.printf(
        Locale.ROOT, "%s at %.0f requests/s: starting mesh and server%n", traffic, traffic.rate());
  }

  void missing(String text) {
    out.println("missing: " + text);
  }

  /** A healthy stretch: one line that is written over, and one that stays for an alarm. */
  void watched(Watch watch) {
    asks += watch.asks();
    watch.alarms().forEach(alarm -> out.println("\rfalse alarm: " + alarm));
    out.printf(
        Locale.ROOT, "\r%d asks, %.0f min so far ", asks, (System.nanoTime() - beginNanos) / 60e9);
    out.flush();
  }

  void begin(Case c) {
    out.printf("%4d/%d  %-68s", done + 1, of, c.key());
    out.flush();
  }

  void end(Outcome o) {
    done++;
    right += o.kind() == Outcome.Kind.RIGHT ? 1 : 0;
    double each = (System.nanoTime() - beginNanos) / 60e9 / done;
    out.printf(
        Locale.ROOT,
        "%-17s %5.1f s  %3d right  ETA %.0f min%s%n",
        o.kind().name().toLowerCase(Locale.ROOT).replace('_', ' '),
        o.secondsToVerdict(),
        right,
        each * (of - done),
        o.kind() == Outcome.Kind.RIGHT ? "" : "  said: " + o.answer().getString("headline"));
  }
}
