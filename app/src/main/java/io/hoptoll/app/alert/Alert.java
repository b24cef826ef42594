package io.hoptoll.app.alert;

import io.hoptoll.correlator.Verdict;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * A party's share of a path's tail went over its threshold, or came back.
 *
 * @param share of the time of the slowest hundredth (0..1)
 */
record Alert(boolean firing, Split split, Verdict verdict, double share, double threshold) {

  JsonObject toJson(String baseUrl) {
    JsonArray findings = new JsonArray();
    for (Verdict.Finding f : verdict.findings()) {
      findings.add(
          new JsonObject()
              .put("cause", f.cause().name())
              .put("party", f.party().name())
              .put("actor", f.actor().name())
              .put("excessNanos", Math.round(f.excessNanos()))
              .put("evidence", new JsonArray(f.evidence()))
              .put("remedy", f.remedy()));
    }
    return new JsonObject()
        .put("status", firing ? "firing" : "resolved")
        .put("path", verdict.path())
        .put("split", split.label())
        .put("share", share)
        .put("threshold", threshold)
        .put("verdict", verdict.status().name())
        .put("headline", verdict.headline())
        .put("findings", findings)
        .put("link", link(baseUrl));
  }

  private String link(String baseUrl) {
    return baseUrl
        + "/#/path?path="
        + java.net.URLEncoder.encode(verdict.path(), java.nio.charset.StandardCharsets.UTF_8)
        + "&from="
        + java.time.Instant.ofEpochSecond(verdict.fromWallNanos() / 1_000_000_000L)
        + "&to="
        + java.time.Instant.ofEpochSecond(verdict.toWallNanos() / 1_000_000_000L);
  }
}
