package io.hoptoll.app.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hoptoll top}: each path's rate and latency, and whose the time is, again and again. */
@Command(
    name = "top",
    description = "Show rate, latency and the parties' shares of each path, live.")
final class TopCommand implements Callable<Integer> {
  private static final String CLEAR = "\u001b[H\u001b[2J";
  private static final int PATHS = 40;

  @Mixin ServerOption server = new ServerOption();

  @Option(
      names = "--window",
      defaultValue = "10s",
      description = "how far back (default: ${DEFAULT-VALUE})")
  String window = "";

  @Option(
      names = "--every",
      defaultValue = "2",
      description = "seconds between looks (default: ${DEFAULT-VALUE})")
  double every;

  @Option(names = "--once", description = "one look; also where the output is no terminal")
  boolean once;

  private final Terminal terminal = Terminal.detect();

  @Override
  public Integer call() throws InterruptedException {
    boolean live = !once && System.console() != null && server.output == ServerOption.Output.text;
    do {
      JsonObject answer = server.client().get("/api/v1/paths?window=" + window);
      server.print(answer, () -> (live ? CLEAR : "") + render(answer));
      if (live) {
        Thread.sleep((long) (Math.max(0.2, every) * 1_000));
      }
    } while (live);
    return 0;
  }

  private String render(JsonObject answer) {
    StringBuilder out = new StringBuilder();
    out.append(
        terminal.dim(
            LocalTime.now().truncatedTo(ChronoUnit.SECONDS) + "  last " + window + "  shares: "));
    for (Shares.Group group : Shares.Group.values()) {
      out.append(terminal.party(group.party, group.cell(terminal) + " " + group.words + "  "));
    }
    out.append('\n');
    String head =
        String.format(
            Locale.ROOT,
            "%7s %6s %10s %10s  %-" + Shares.WIDTH + "s  %s%n",
            "req/s",
            "err",
            "p50",
            "p99",
            "whose time",
            "path");
    out.append(terminal.bold(head));
    JsonArray paths = answer.getJsonArray("paths");
    paths.stream().limit(PATHS).forEach(p -> out.append(line((JsonObject) p)));
    if (paths.isEmpty()) {
      out.append("no requests seen yet: is this server the mesh's ALS sink? (hoptoll health)\n");
    } else if (paths.size() > PATHS) {
      out.append(terminal.dim("… and " + (paths.size() - PATHS) + " paths more\n"));
    }
    return out.toString();
  }

  private String line(JsonObject path) {
    JsonObject w = path.getJsonObject("window");
    if (w == null) {
      String idle = String.format(Locale.ROOT, "%7s %6s %10s %10s  ", "-", "", "", "");
      return terminal.dim(idle + " ".repeat(Shares.WIDTH) + "  " + path.getString("path") + "\n");
    }
    String numbers =
        String.format(
            Locale.ROOT,
            "%7.1f %6d %s %s  ",
            w.getDouble("ratePerSecond"),
            w.getLong("errors"),
            Terminal.millis(w.getLong("p50Nanos")),
            Terminal.millis(w.getLong("p99Nanos")));
    return numbers
        + Shares.bar(w.getJsonObject("parties"), terminal)
        + "  "
        + path.getString("path")
        + standing(path.getJsonObject("verdict"))
        + "\n";
  }

  private String standing(JsonObject verdict) {
    boolean degraded = verdict != null && "DEGRADED".equals(verdict.getString("status"));
    return degraded ? "  " + terminal.red(verdict.getString("headline")) : "";
  }
}
