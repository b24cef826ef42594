package io.hoptoll.app.cli;

import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code hoptoll request ID}: the ledger of one request, hop by hop. */
@Command(name = "request", description = "Show the ledger of one request, by its x-request-id.")
final class RequestCommand implements Callable<Integer> {
  private static final int BAR = 40;

  @Mixin ServerOption server = new ServerOption();

  @Parameters(index = "0", paramLabel = "ID", description = "x-request-id")
  String id = "";

  private final Terminal terminal = Terminal.detect();

  @Override
  public Integer call() {
    JsonObject answer = server.client().get("/api/v1/requests/" + id);
    server.print(answer, () -> render(answer));
    return 0;
  }

  private String render(JsonObject answer) {
    StringBuilder out = new StringBuilder();
    for (Object request : answer.getJsonArray("requests")) {
      hop((JsonObject) request, "", out);
    }
    return out.toString();
  }

  private void hop(JsonObject hop, String indent, StringBuilder out) {
    JsonObject edge = hop.getJsonObject("edge");
    out.append(indent)
        .append(terminal.bold(edge.getString("client") + " → " + edge.getString("server")))
        .append(
            String.format(
                Locale.ROOT,
                "  %s %s  %d  %s  (%s)%n",
                hop.getString("method"),
                hop.getString("path"),
                hop.getInteger("responseCode"),
                Terminal.millis(hop.getLong("totalNanos")).trim(),
                hop.getString("total")));
    double total = Math.max(1, hop.getLong("totalNanos"));
    for (Object o : hop.getJsonArray("legs")) {
      JsonObject leg = (JsonObject) o;
      int start = (int) (BAR * leg.getLong("startNanos") / total);
      String bar = Terminal.bar(leg.getLong("nanos") / total, BAR);
      String line = " ".repeat(start) + (bar.isEmpty() ? "·" : bar);
      out.append(indent)
          .append("  ")
          .append(terminal.party(leg.getString("party"), pad(line)))
          .append(Terminal.millis(leg.getLong("nanos")))
          .append("  ")
          .append(leg.getString("leg"))
          .append('\n');
    }
    for (Object child : hop.getJsonArray("hops")) {
      hop((JsonObject) child, indent + "    ", out);
    }
  }

  private static String pad(String line) {
    return line + " ".repeat(Math.max(0, BAR + 1 - line.length()));
  }
}
