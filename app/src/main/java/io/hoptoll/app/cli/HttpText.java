package io.hoptoll.app.cli;

import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What sockets show of HTTP requests, for a person. */
final class HttpText {
  private static final int ROUTES = 5;
  private static final long WAITS_NANOS = 100_000_000;

  private HttpText() {}

  /** Of a line; empty where heads are not looked at. */
  static String routes(JsonObject line) {
    JsonObject http = line.getJsonObject("http");
    if (http == null) {
      return "";
    }
    String statuses =
        http.getJsonObject("statuses").stream()
            .map(s -> status(s.getKey()) + " ×" + s.getValue())
            .collect(Collectors.joining(", "));
    StringBuilder out = new StringBuilder("      HTTP ").append(statuses).append('\n');
    http.getJsonArray("routes").stream()
        .limit(ROUTES)
        .map(JsonObject.class::cast)
        .forEach(r -> out.append(route(r)));
    return out.toString();
  }

  private static String status(String status) {
    return status.equals("0") ? "no answer" : status.length() < 3 ? "gRPC " + status : status;
  }

  private static String route(JsonObject r) {
    return String.format(
        Locale.ROOT,
        "        %7d  %s %s  mean %s, at most %s%s%n",
        r.getLong("requests"),
        r.getString("method"),
        r.getString("path"),
        Terminal.duration(r.getLong("meanNanos")),
        Terminal.duration(r.getLong("maxNanos")),
        r.getLong("errors") == 0 ? "" : ", " + r.getLong("errors") + " errors");
  }

  /** Those that wait; that some have just begun is so at any time. */
  static String inFlight(JsonObject topology, Map<String, String> names) {
    StringBuilder out = new StringBuilder();
    int young = 0;
    for (Object o : topology.getJsonArray("inFlight")) {
      JsonObject r = (JsonObject) o;
      if (r.getLong("ageNanos") >= WAITS_NANOS) {
        out.append(waiting(r, names));
      } else {
        young++;
      }
    }
    if (young > 0) {
      out.append("  ").append(Terminal.count(young, "request")).append(" just begun\n");
    }
    return out.toString();
  }

  private static String waiting(JsonObject r, Map<String, String> names) {
    String what = r.getString("method") + " " + r.getString("path");
    String id = r.getString("requestId");
    return String.format(
        Locale.ROOT,
        "  not answered for %s: %s %s %s%s%s%n",
        Terminal.duration(r.getLong("ageNanos")),
        names.getOrDefault(r.getString("process"), r.getString("process")),
        r.getBoolean("outgoing") ? "asked" : "was asked by",
        r.getString("remote"),
        what.isBlank() ? "" : " " + what,
        id.isEmpty() ? "" : ", id " + id);
  }
}
