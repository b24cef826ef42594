package io.hoptoll.demo;

import io.hoptoll.app.cli.Terminal;
import io.hoptoll.app.cli.VerdictText;
import io.hoptoll.app.config.Settings;
import io.hoptoll.minimesh.fault.Fault;
import io.hoptoll.minimesh.fault.Truth;
import io.vertx.core.json.JsonObject;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** What the tour prints. */
final class Screen {
  private final Terminal terminal;
  private final VerdictText verdicts;
  private final PrintStream out = System.out;
  private final long startNanos = System.nanoTime();

  Screen(Terminal terminal) {
    this.terminal = terminal;
    this.verdicts = new VerdictText(terminal);
  }

  void step(String text) {
    out.println(terminal.dim(seconds()) + text);
  }

  /** Before anything is wrong: a browser shows the tour while it goes on. */
  void page(String url) {
    out.println(terminal.dim(seconds()) + "the page, from now on: " + terminal.bold(url + "/"));
  }

  void profiled(String pod, String duration, String id, String url) {
    step("profiling " + pod + " for " + duration + ": the page's profiling view, or");
    step("  ./hoptoll profile --show " + id + server(url));
  }

  private static String server(String url) {
    return url.endsWith(":" + Settings.STANDARD_HTTP_PORT) ? "" : " --server " + url;
  }

  void missing(String text) {
    out.println(terminal.dim(seconds()) + terminal.yellow("missing: ") + text);
  }

  void stop(int number, int of, String name, String description) {
    out.println();
    out.println(
        terminal.dim(seconds())
            + terminal.bold(String.format(Locale.ROOT, "%d/%d %s", number, of, name))
            + "  "
            + description);
  }

  void left(Fault fault) {
    out.println();
    step(fault.name() + " stays on: " + fault.description());
  }

  void verdict(JsonObject verdict) {
    verdicts.render(verdict).lines().forEach(line -> out.println("   " + line));
  }

  void truth(Truth t) {
    Truth.Held h = t.held();
    out.println(
        "   truth: "
            + words(t.party().name())
            + ", "
            + t.cause()
            + " on "
            + t.from()
            + " → "
            + t.to()
            + (h.count() == 0 && h.totalNanos() == 0 ? "" : held(h))
            + terminal.dim(" (" + t.measured() + ")"));
  }

  private static String held(Truth.Held h) {
    String count = h.count() > 0 ? "; " + h.count() + " held" : "";
    String sum =
        h.totalNanos() > 0
            ? String.format(Locale.ROOT, "; %.0f ms in all", h.totalNanos() / 1e6)
            : "";
    String p50 =
        h.p50Nanos() > 0 ? String.format(Locale.ROOT, ", p50 %.1f ms", h.p50Nanos() / 1e6) : "";
    return count + sum + p50;
  }

  void judged(boolean right, String why) {
    out.println("   " + (right ? terminal.green("✔ right") : terminal.red("✘ wrong")) + "  " + why);
  }

  /** Without the kernel's half: a delay that was found, but that access logs cannot attribute. */
  void untold(String expected) {
    out.println(
        "   "
            + terminal.yellow("? found, but not told apart without the kernel")
            + "  it was: "
            + expected);
  }

  void summary(int right, int untold, int of) {
    String rest = untold == 0 ? "" : ", " + untold + " not told apart without the kernel";
    String text = right + " of " + of + " verdicts right" + rest;
    out.println();
    out.println(
        terminal.dim(seconds())
            + (right + untold == of ? terminal.green(text) : terminal.red(text)));
  }

  void kept(String url) {
    out.println();
    out.println("still running; Ctrl-C removes everything. In a browser:");
    out.println("  " + terminal.bold(url + "/"));
    out.println("in another terminal:");
    for (String command :
        List.of(
            "diagnose /productpage --window 30s",
            "top",
            "topology productpage-v1",
            "profile productpage-v1 --heads",
            "health")) {
      out.println("  ./hoptoll " + command + server(url));
    }
    out.println("  curl '" + url + "/api/v1/diagnosis?path=/productpage&window=30s'");
  }

  static String words(String party) {
    return party.toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private String seconds() {
    return String.format(Locale.ROOT, "[%5.1f s] ", (System.nanoTime() - startNanos) / 1e9);
  }
}
