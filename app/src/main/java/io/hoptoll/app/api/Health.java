package io.hoptoll.app.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * What works, what is missing and what that costs.
 *
 * @param components by name, each with its numbers
 * @param missing what does not run here, why, and how to get it
 */
public record Health(boolean isReady, JsonObject components, List<String> missing) {
  public Health {
    missing = List.copyOf(missing);
  }

  JsonObject toJson() {
    return new JsonObject()
        .put("status", missing.isEmpty() ? "ok" : "degraded")
        .put("ready", isReady)
        .put("missing", new JsonArray(missing))
        .put("components", components);
  }
}
