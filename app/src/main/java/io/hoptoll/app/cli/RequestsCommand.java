package io.hoptoll.app.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hoptoll requests}: single requests, searched. */
@Command(name = "requests", description = "List requests: newest or slowest, filtered.")
final class RequestsCommand implements Callable<Integer> {
  @Mixin ServerOption server = new ServerOption();

  @Option(names = "--path", description = "of this path only")
  @Nullable String path;

  @Option(names = "--status", description = "503, 5xx, or none")
  @Nullable String status;

  @Option(names = "--party", description = "who owns most of it, such as TRANSPORT")
  @Nullable String party;

  @Option(names = "--min-duration", description = "such as 250ms")
  @Nullable String minDuration;

  @Option(names = "--from", description = "RFC 3339; of the past the store has exemplars")
  @Nullable String from;

  @Option(names = "--to", description = "RFC 3339")
  @Nullable String to;

  @Option(names = "--slowest", description = "slowest first (default: newest first)")
  boolean slowest;

  @Option(names = "--limit", defaultValue = "20", description = "default: ${DEFAULT-VALUE}")
  int limit;

  private final Terminal terminal = Terminal.detect();

  @Override
  public Integer call() {
    StringBuilder query = new StringBuilder("/api/v1/requests?limit=" + limit);
    add(query, "path", path);
    add(query, "status", status);
    add(query, "party", party);
    add(query, "minDuration", minDuration);
    add(query, "from", from);
    add(query, "to", to);
    add(query, "order", slowest ? "slowest" : "newest");
    JsonObject answer = server.client().get(query.toString());
    server.print(answer, () -> render(answer.getJsonArray("requests")));
    return 0;
  }

  private static void add(StringBuilder query, String name, @Nullable String value) {
    if (value != null) {
      String encoded = URLEncoder.encode(value, StandardCharsets.UTF_8);
      query.append('&').append(name).append('=').append(encoded);
    }
  }

  private String render(JsonArray requests) {
    StringBuilder out = new StringBuilder();
    requests.forEach(r -> out.append(line((JsonObject) r)));
    return out.isEmpty() ? "no such request is kept\n" : out.toString();
  }

  private String line(JsonObject r) {
    String call = r.getString("method") + " " + r.getString("path");
    return String.format(
        Locale.ROOT,
        "%s  %s  %s  %3d  %s  %s%n",
        r.getString("start"),
        Terminal.millis(r.getLong("totalNanos")),
        Shares.bar(r.getJsonObject("parties"), terminal),
        r.getInteger("responseCode"),
        call,
        terminal.dim(r.getString("requestId")));
  }
}
