package io.hoptoll.app.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hoptoll diagnose PATH}: exit 0 healthy, 3 degraded, 4 insufficient data, 1 error. */
@Command(
    name = "diagnose",
    description = "Say where the requests of a path spend their time, and why.",
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {"0:healthy", "1:error", "2:usage", "3:degraded", "4:insufficient data"})
final class DiagnoseCommand implements Callable<Integer> {
  @Mixin ServerOption server = new ServerOption();

  @Parameters(index = "0", paramLabel = "PATH", description = "URL path, such as /productpage")
  String path = "/";

  @Option(names = "--window", description = "how far back, e.g. 30s, 5m (default: 10s)")
  @Nullable String window;

  @Option(names = "--from", description = "RFC 3339 start of the range")
  @Nullable String from;

  @Option(names = "--to", description = "RFC 3339 end of the range")
  @Nullable String to;

  @Option(names = "--quantile", description = "compare the requests above this rank, e.g. 0.9")
  @Nullable String quantile;

  @Option(names = "--compare", description = "with the same time earlier, e.g. 1h-ago, 1d-ago")
  @Nullable String compare;

  @Option(names = "--before", description = "compare --after with this range: FROM/TO, RFC 3339")
  @Nullable String before;

  @Option(names = "--after", description = "the range to diagnose beside --before: FROM/TO")
  @Nullable String after;

  @Override
  public Integer call() {
    StringBuilder query = new StringBuilder("/api/v1/diagnosis?path=").append(encode(path));
    add(query, "window", window);
    add(query, "from", from);
    add(query, "to", to);
    add(query, "quantile", quantile);
    add(query, "compare", compare);
    add(query, "before", before);
    add(query, "after", after);
    JsonObject verdict = server.client().get(query.toString());
    server.print(
        verdict, () -> new VerdictText(Terminal.detect()).render(verdict) + toLookAt(verdict));
    return switch (verdict.getString("status")) {
      case "HEALTHY" -> 0;
      case "DEGRADED" -> 3;
      default -> 4;
    };
  }

  /** A request that shows the first finding, in its own arithmetic. */
  private String toLookAt(JsonObject verdict) {
    JsonArray findings = verdict.getJsonArray("findings");
    if (findings.isEmpty()) {
      return "";
    }
    String search = findings.getJsonObject(0).getString("requests") + "&limit=1";
    JsonArray found = server.client().get(search).getJsonArray("requests");
    if (found.isEmpty()) {
      return "";
    }
    JsonObject r = found.getJsonObject(0);
    return "for example: hoptoll request "
        + r.getString("requestId")
        + "  ("
        + Terminal.millis(r.getLong("totalNanos")).strip()
        + ")\n";
  }

  private static void add(StringBuilder query, String name, @Nullable String value) {
    if (value != null) {
      query.append('&').append(name).append('=').append(encode(value));
    }
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
