package io.hoptoll.bench.accuracy;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the API said.
 *
 * @param json its whole answer
 */
record Answer(JsonObject json) {
  static final String NOTHING = "NOTHING";

  static Answer refused(String words) {
    return new Answer(new JsonObject().put("status", "REFUSED").put("headline", words));
  }

  String status() {
    return json.getString("status", NOTHING);
  }

  boolean isDegraded() {
    return status().equals("DEGRADED");
  }

  /** The first finding's party; without a finding the status. */
  String party() {
    return json.getString("party", status());
  }

  String cause() {
    return json.getString("cause", status());
  }

  String headline() {
    return json.getString("headline", "");
  }

  JsonArray findings() {
    return json.getJsonArray("findings", new JsonArray());
  }

  boolean saysTheSameAs(Answer other) {
    return party().equals(other.party()) && cause().equals(other.cause());
  }

  /** Who and why, of all findings. */
  Set<String> blamed() {
    return findings().stream()
        .map(JsonObject.class::cast)
        .map(f -> f.getString("cause") + " of " + f.getString("actor"))
        .collect(Collectors.toSet());
  }

  /** What a reader of a wrong case needs: findings and the largest legs. */
  JsonObject digest() {
    JsonArray legs = new JsonArray();
    json.getJsonArray("legs", new JsonArray()).stream().limit(8).forEach(legs::add);
    return new JsonObject()
        .put("status", status())
        .put("headline", headline())
        .put("requests", json.getLong("requests", 0L))
        .put("findings", findings())
        .put("legs", legs)
        .put("totals", json.getJsonObject("totals"))
        .put("doubts", json.getJsonArray("doubts"));
  }
}
