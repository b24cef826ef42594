package io.hoptoll.app.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Locale;

/** A verdict of the API as lines for a person: headline, legs as bars, findings, doubts. */
public final class VerdictText {
  private static final int BAR = 32;
  private static final int SHORT_BAR = 12;

  /** Columns from which the long bars have room. */
  private static final int WIDE = 120;

  private static final int MAX_LEGS = 12;
  private static final double MIN_LEG_SHARE = 0.01;

  private final Terminal terminal;
  private final int longest;

  public VerdictText(Terminal terminal) {
    this.terminal = terminal;
    this.longest = Terminal.size().columns() < WIDE ? SHORT_BAR : BAR;
  }

  /** The whole verdict, ending with a newline. */
  public String render(JsonObject v) {
    StringBuilder out = new StringBuilder();
    headline(v, out);
    legs(v, out);
    for (int i = 0; i < v.getJsonArray("findings").size(); i++) {
      finding(i + 1, v.getJsonArray("findings").getJsonObject(i), out);
    }
    alsAlone(v, out);
    confidence(v, out);
    return out.toString();
  }

  private void headline(JsonObject v, StringBuilder out) {
    String status = v.getString("status");
    String text = terminal.bold(v.getString("headline"));
    String label =
        switch (status) {
          case "HEALTHY" -> terminal.green("HEALTHY ");
          case "DEGRADED" -> terminal.red("DEGRADED");
          default -> terminal.yellow(status.replace('_', ' '));
        };
    out.append(label).append("  ").append(text).append('\n');
    JsonObject t = v.getJsonObject("totals");
    out.append(
        String.format(
            Locale.ROOT,
            "%s: %d requests, p50 %s, p90 %s, p99 %s",
            v.getString("path"),
            v.getLong("requests"),
            millis(t, "p50Nanos"),
            millis(t, "p90Nanos"),
            millis(t, "p99Nanos")));
    if (t.getLong("baselineRequests") > 0) {
      out.append(
          terminal.dim(
              (v.getJsonObject("against").getBoolean("given") ? "  (before: p50 " : "  (well: p50 ")
                  + millis(t, "baselineP50Nanos")
                  + ", p90 "
                  + millis(t, "baselineP90Nanos")
                  + ")"));
    }
    out.append('\n');
  }

  private void legs(JsonObject v, StringBuilder out) {
    JsonArray legs = v.getJsonArray("legs");
    int shown = 0;
    for (int i = 0; i < legs.size() && shown < MAX_LEGS; i++) {
      JsonObject leg = legs.getJsonObject(i);
      if (leg.getDouble("share") >= MIN_LEG_SHARE) {
        shown++;
        out.append(leg(leg)).append('\n');
      }
    }
    if (legs.size() > shown) {
      out.append(terminal.dim("  … and " + (legs.size() - shown) + " smaller legs")).append('\n');
    }
  }

  private String leg(JsonObject leg) {
    String bar = Terminal.bar(leg.getDouble("share"), longest);
    String padded = bar + " ".repeat(longest - bar.length());
    long excess = leg.getLong("excessNanos");
    String growth =
        Math.abs(excess) >= 100_000 ? String.format(Locale.ROOT, "%+.1f", excess / 1e6) : "";
    return String.format(
        Locale.ROOT,
        "  %s %s %4.0f%% %8s  %s  %s",
        terminal.party(leg.getString("party"), padded),
        Terminal.millis(leg.getLong("nanos")),
        100 * leg.getDouble("share"),
        growth,
        name(leg.getString("leg")),
        terminal.dim(edge(leg.getJsonObject("edge"))));
  }

  private static String name(String leg) {
    int parts = leg.length() - leg.replace("+", "").length();
    return parts < 2
        ? leg
        : leg.substring(0, leg.indexOf('+')) + " … " + leg.substring(leg.lastIndexOf('+') + 1);
  }

  private void finding(int rank, JsonObject f, StringBuilder out) {
    out.append(
        String.format(
            Locale.ROOT,
            "%d. %s  %s  %s%n",
            rank,
            terminal.bold(f.getString("cause")),
            terminal.party(
                f.getString("party"),
                f.getString("party").toLowerCase(Locale.ROOT).replace('_', ' ')),
            f.getString("actor")));
    JsonArray evidence = f.getJsonArray("evidence");
    for (int i = 0; i < evidence.size(); i++) {
      out.append("     ").append(evidence.getString(i)).append('\n');
    }
    out.append("     → ").append(f.getString("remedy")).append('\n');
  }

  private void alsAlone(JsonObject v, StringBuilder out) {
    JsonObject als = v.getJsonObject("alsAlone");
    if (als != null && "DEGRADED".equals(v.getString("status"))) {
      out.append(
          terminal.dim(
              "access logs alone would say: "
                  + als.getString("party").toLowerCase(Locale.ROOT).replace('_', ' ')
                  + " on "
                  + edge(als.getJsonObject("edge"))
                  + String.format(Locale.ROOT, " (+%.1f ms)", als.getLong("excessNanos") / 1e6)));
      out.append('\n');
    }
  }

  private void confidence(JsonObject v, StringBuilder out) {
    out.append(
        String.format(
            Locale.ROOT,
            "confidence %.0f %%, coverage %.0f %%",
            100 * v.getDouble("confidence"),
            100 * v.getDouble("coverage")));
    JsonArray doubts = v.getJsonArray("doubts");
    for (int i = 0; i < doubts.size(); i++) {
      out.append("\n  ").append(terminal.yellow("! ")).append(doubts.getString(i));
    }
    out.append('\n');
  }

  private static String edge(JsonObject edge) {
    return edge.getString("client") + " → " + edge.getString("server");
  }

  private static String millis(JsonObject t, String key) {
    return String.format(Locale.ROOT, "%.1f ms", t.getLong(key) / 1e6);
  }
}
