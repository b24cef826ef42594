package io.hoptoll.app.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code hoptoll explain ID}: where each number of a request's ledger comes from. */
@Command(
    name = "explain",
    description = "Show how one request's legs were computed: marks, sources, subtractions.")
final class ExplainCommand implements Callable<Integer> {
  @Mixin ServerOption server = new ServerOption();

  @Parameters(index = "0", paramLabel = "ID", description = "x-request-id")
  String id = "";

  private final Terminal terminal = Terminal.detect();

  @Override
  public Integer call() {
    JsonObject answer = server.client().get("/api/v1/requests/" + id + "/explain");
    server.print(answer, () -> render(answer.getJsonArray("requests")));
    return 0;
  }

  private String render(JsonArray requests) {
    StringBuilder out = new StringBuilder();
    requests.forEach(r -> hop((JsonObject) r, "", out));
    return out.toString();
  }

  private void hop(JsonObject hop, String indent, StringBuilder out) {
    JsonObject edge = hop.getJsonObject("edge");
    line(out, indent, terminal.bold(edge.getString("client") + " → " + edge.getString("server")));
    String call = hop.getString("method") + " " + hop.getString("path");
    String total = Terminal.millis(hop.getLong("totalNanos")).trim();
    line(out, indent, call + "  " + total + "  (" + hop.getString("total") + ")");
    line(out, indent, terminal.dim("  marks, ms from the start"));
    hop.getJsonArray("marks").forEach(m -> mark((JsonObject) m, indent, out));
    line(out, indent, terminal.dim("  legs"));
    hop.getJsonArray("legs").forEach(l -> leg((JsonObject) l, indent, out));
    String clocks = hop.getString("clocks", "");
    if (!clocks.isEmpty()) {
      line(out, indent, terminal.dim("  " + clocks));
    }
    for (Object missing : hop.getJsonArray("missing")) {
      line(out, indent, terminal.yellow("  missing  " + missing));
    }
    hop.getJsonArray("hops").forEach(child -> hop((JsonObject) child, indent + "    ", out));
  }

  private void mark(JsonObject m, String indent, StringBuilder out) {
    Long nanos = m.getLong("nanos");
    String time = nanos == null ? "-" : String.format(Locale.ROOT, "%.6f", nanos / 1e6);
    String text =
        String.format(
            Locale.ROOT,
            "  %12s  %-28s  %s  %s",
            time,
            m.getString("meaning"),
            nanos == null ? m.getString("use").toLowerCase(Locale.ROOT) : m.getString("source"),
            m.getString("socket"));
    line(out, indent, nanos == null ? terminal.dim(text) : text);
  }

  private void leg(JsonObject l, String indent, StringBuilder out) {
    String from = Objects.requireNonNullElse(l.getString("from"), "");
    String to = Objects.requireNonNullElse(l.getString("to"), "");
    String between = from.isEmpty() || to.isEmpty() ? l.getString("rule") : to + " − " + from;
    String amount = Terminal.millis(l.getLong("nanos"));
    line(
        out,
        indent,
        "  "
            + terminal.party(l.getString("party"), amount)
            + "  "
            + l.getString("leg")
            + terminal.dim("  = " + l.getString("arithmetic") + "  " + between));
  }

  private static void line(StringBuilder out, String indent, String text) {
    out.append(indent).append(text.stripTrailing()).append('\n');
  }
}
