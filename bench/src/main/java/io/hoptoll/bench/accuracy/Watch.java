package io.hoptoll.bench.accuracy;

import io.hoptoll.bench.accuracy.Witness.Seen;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * What a stretch of time showed beside its case, as a line of {@code cases.jsonl}.
 *
 * @param healthySeconds in which nothing was injected
 * @param asks answers taken of that time
 * @param alarms what those said that were not healthy
 */
record Watch(Traffic traffic, double healthySeconds, int asks, List<String> alarms, Seen seen) {
  JsonObject toJson() {
    return new JsonObject()
        .put("type", "watch")
        .put("protocol", traffic.protocol().name())
        .put("connections", traffic.connections())
        .put("healthySeconds", healthySeconds)
        .put("asks", asks)
        .put("alarms", new JsonArray(alarms))
        .put("calls", seen.calls())
        .put("joined", seen.joined())
        .put("errors", seen.errors().toJson());
  }

  static Watch of(JsonObject json) {
    return new Watch(
        new Traffic(Protocol.valueOf(json.getString("protocol")), json.getInteger("connections")),
        json.getDouble("healthySeconds"),
        json.getInteger("asks"),
        json.getJsonArray("alarms").stream().map(String::valueOf).toList(),
        new Seen(
            List.of(),
            json.getLong("calls"),
            json.getLong("joined"),
            LegErrors.of(json.getJsonObject("errors"))));
  }
}
