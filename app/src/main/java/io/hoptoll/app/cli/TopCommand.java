package io.hoptoll.app.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
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
  private static final String INDENT = " ".repeat(8);

  /** Columns of a line before its path. */
  private static final int BEFORE_PATH = 40 + Shares.WIDTH;

  /** Both heads, what is left out, and where the cursor stands. */
  private static final int OTHER_LINES = 4;

  private static final int MOST_LINES = 50;

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
    String resource = "/api/v1/paths?window=" + URLEncoder.encode(window, StandardCharsets.UTF_8);
    do {
      JsonObject answer = server.client().get(resource);
      if (!live) {
        server.print(answer, () -> render(answer));
      } else {
        server.redraw(render(answer));
        Thread.sleep((long) (Math.max(0.2, every) * 1_000));
      }
    } while (live);
    return 0;
  }

  private String render(JsonObject answer) {
    Terminal.Size size = Terminal.size();
    StringBuilder out = new StringBuilder();
    String when = LocalTime.now().truncatedTo(ChronoUnit.SECONDS) + "  last " + window + "  ";
    out.append(terminal.dim(when)).append(Shares.legend(terminal)).append('\n');
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
    if (paths.isEmpty()) {
      out.append("no requests seen yet: is this server the mesh's ALS sink? (hoptoll health)\n");
      return out.toString();
    }
    int left = Math.min(MOST_LINES, size.rows()) - OTHER_LINES;
    int shown = 0;
    while (shown < paths.size()) {
      List<String> lines = lines(paths.getJsonObject(shown), size.columns());
      if (lines.size() > left) {
        break;
      }
      lines.forEach(out::append);
      left -= lines.size();
      shown++;
    }
    if (paths.size() > shown) {
      out.append(terminal.dim("… and " + (paths.size() - shown) + " paths more\n"));
    }
    return out.toString();
  }

  /** A path, and under it what makes it slow. */
  private List<String> lines(JsonObject path, int columns) {
    JsonObject verdict = path.getJsonObject("verdict");
    boolean degraded = verdict != null && "DEGRADED".equals(verdict.getString("status"));
    String name = Terminal.fit(path.getString("path"), columns - BEFORE_PATH);
    List<String> lines = new ArrayList<>(List.of(line(path, name)));
    if (degraded) {
      String why = Terminal.fit("▲ " + verdict.getString("headline"), columns - INDENT.length());
      lines.add(INDENT + terminal.red(why) + "\n");
    }
    return lines;
  }

  private String line(JsonObject path, String name) {
    JsonObject w = path.getJsonObject("window");
    if (w == null) {
      String idle = String.format(Locale.ROOT, "%7s %6s %10s %10s  ", "-", "", "", "");
      return terminal.dim(idle + " ".repeat(Shares.WIDTH) + "  " + name + "\n");
    }
    String numbers =
        String.format(
            Locale.ROOT,
            "%7.1f %6d %s %s  ",
            w.getDouble("ratePerSecond"),
            w.getLong("errors"),
            Terminal.millis(w.getLong("p50Nanos")),
            Terminal.millis(w.getLong("p99Nanos")));
    return numbers + Shares.bar(w.getJsonObject("parties"), terminal) + "  " + name + "\n";
  }
}
