package io.hoptoll.bench.accuracy;

import io.hoptoll.app.cli.ApiClient;
import io.hoptoll.app.cli.ApiClient.ApiException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Comparator;

/** Asks as a user does: over HTTP, with a path and since when it is slow. */
final class Asker {
  private final ApiClient api;
  private final Protocol protocol;

  Asker(ApiClient api, Protocol protocol) {
    this.api = api;
    this.protocol = protocol;
  }

  /** What stands in the way of the path since then; refusals are answers too. */
  Answer since(Instant from) {
    return ask("&from=" + from);
  }

  /** The same of the time that the product looks at by itself. */
  Answer lately() {
    return ask("");
  }

  private Answer ask(String range) {
    try {
      String path = URLEncoder.encode(path(), StandardCharsets.UTF_8);
      return new Answer(api.get("/api/v1/diagnosis?path=" + path + range));
    } catch (ApiException e) {
      return Answer.refused(String.valueOf(e.getMessage()));
    }
  }

  /** What the product itself counted since its start: joins and what was not joined, by reason. */
  JsonObject counts() {
    return api.get("/healthz")
        .getJsonObject("components")
        .getJsonObject("correlator")
        .getJsonObject("counts");
  }

  /** Plain TCP has no path: the busiest that the API knows. */
  private String path() {
    if (protocol != Protocol.TCP) {
      return protocol.plan(1, 1).path();
    }
    JsonArray paths = api.get("/api/v1/paths").getJsonArray("paths", new JsonArray());
    return paths.stream()
        .map(JsonObject.class::cast)
        .max(Comparator.comparingLong(p -> p.getLong("requests", 0L)))
        .map(p -> p.getString("path"))
        .orElse("tcp");
  }
}
