package io.hoptoll.app.cli;

import io.vertx.core.json.JsonObject;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Who calls whom, for a person: the slowest first. */
final class CallsText {
  private CallsText() {}

  /**
   * The answer of {@code GET /api/v1/topology}.
   *
   * @param window the time it is of, such as {@code 1m}
   */
  static String calls(JsonObject answer, String window, Terminal terminal) {
    List<JsonObject> edges =
        answer.getJsonArray("edges").stream()
            .map(JsonObject.class::cast)
            .sorted(Comparator.comparingLong(e -> -e.getLong("p99Nanos")))
            .toList();
    if (edges.isEmpty()) {
      return "no calls in the last " + window + "\n\n";
    }
    StringBuilder out = new StringBuilder(terminal.dim("calls of the last " + window + "  "));
    out.append(Shares.legend(terminal)).append('\n');
    String head = "%7s %6s %10s %10s  %-" + Shares.WIDTH + "s  %s%n";
    out.append(
        terminal.bold(
            String.format(Locale.ROOT, head, "req/s", "err", "p50", "p99", "whose time", "call")));
    edges.forEach(e -> out.append(call(e, terminal)));
    return out.append('\n').toString();
  }

  private static String call(JsonObject e, Terminal terminal) {
    JsonObject edge = e.getJsonObject("edge");
    return String.format(
        Locale.ROOT,
        "%7.1f %6d %s %s  %s  %s → %s%n",
        e.getDouble("ratePerSecond"),
        e.getLong("errors"),
        Terminal.millis(e.getLong("p50Nanos")),
        Terminal.millis(e.getLong("p99Nanos")),
        Shares.bar(e.getJsonObject("parties"), terminal),
        edge.getString("client"),
        edge.getString("server"));
  }
}
