package io.hoptoll.app.api;

import io.hoptoll.correlator.Against;
import io.hoptoll.correlator.Edge;
import io.hoptoll.correlator.Verdict;
import io.hoptoll.correlator.Verdict.Finding;
import io.hoptoll.correlator.Verdict.LegShare;
import io.hoptoll.model.Nanos;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;

/** A verdict as JSON. Times are RFC 3339, durations nanoseconds, shares 0..1. */
final class VerdictJson {
  private VerdictJson() {}

  static JsonObject of(Verdict v) {
    JsonObject json =
        new JsonObject()
            .put("path", v.path())
            .put("from", time(v.fromWallNanos()))
            .put("to", time(v.toWallNanos()))
            .put("requests", v.requests())
            .put("status", v.status().name())
            .put("headline", v.headline());
    if (!v.findings().isEmpty()) {
      Finding first = v.findings().get(0);
      json.put("party", first.party().name()).put("cause", first.cause().name());
    }
    return json.put("findings", array(v.findings(), f -> finding(v, f)))
        .put("legs", array(v.legs(), VerdictJson::leg))
        .put("totals", totals(v.totals()))
        .put("against", against(v.against()))
        .put("alsAlone", v.alsAlone() == null ? null : blame(v.alsAlone()))
        .put("confidence", round(v.confidence().value()))
        .put("coverage", round(v.confidence().coverage()))
        .put("doubts", new JsonArray(v.confidence().reasons()));
  }

  private static JsonObject finding(Verdict v, Finding f) {
    return new JsonObject()
        .put("kind", f.kind().name())
        .put("cause", f.cause().name())
        .put("party", f.party().name())
        .put("actor", f.actor().name())
        .put("edge", edge(f.edge()))
        .put("nanos", Math.round(f.nanos()))
        .put("excessNanos", Math.round(f.excessNanos()))
        .put("share", round(f.share()))
        .put("affected", round(f.affected()))
        .put("evidence", new JsonArray(f.evidence()))
        .put("remedy", f.remedy())
        .put("requests", requests(v, f));
  }

  /** The search that finds requests to look at: those that failed so, or lost most time there. */
  private static String requests(Verdict v, Finding f) {
    String of =
        f.kind() == Verdict.Kind.FAILURE
            ? "&failure=" + f.cause()
            : "&client=" + encoded(f.edge().client()) + "&server=" + encoded(f.edge().server());
    return "/api/v1/requests?order=slowest&path="
        + encoded(v.path())
        + of
        + "&from="
        + time(v.fromWallNanos())
        + "&to="
        + time(v.toWallNanos());
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static JsonObject leg(LegShare l) {
    return new JsonObject()
        .put("edge", edge(l.edge()))
        .put("leg", l.leg())
        .put("party", l.party().name())
        .put("nanos", Math.round(l.nanos()))
        .put("p50Nanos", Math.round(l.p50Nanos()))
        .put("p90Nanos", Math.round(l.p90Nanos()))
        .put("p99Nanos", Math.round(l.p99Nanos()))
        .put("share", round(l.share()))
        .put("excessNanos", Math.round(l.excessNanos()));
  }

  private static JsonObject totals(Verdict.Totals t) {
    return new JsonObject()
        .put("p50Nanos", Math.round(t.p50Nanos()))
        .put("p90Nanos", Math.round(t.p90Nanos()))
        .put("p99Nanos", Math.round(t.p99Nanos()))
        .put("baselineP50Nanos", Math.round(t.baselineP50Nanos()))
        .put("baselineP90Nanos", Math.round(t.baselineP90Nanos()))
        .put("baselineP99Nanos", Math.round(t.baselineP99Nanos()))
        .put("baselineRequests", t.baselineRequests());
  }

  private static JsonObject against(Against a) {
    return new JsonObject()
        .put("from", time(a.fromSecond() * Nanos.PER_SECOND))
        .put("to", time(a.toSecond() * Nanos.PER_SECOND))
        .put("given", a.given());
  }

  private static JsonObject blame(Verdict.Blame b) {
    return new JsonObject()
        .put("party", b.party().name())
        .put("edge", edge(b.edge()))
        .put("excessNanos", Math.round(b.excessNanos()));
  }

  static JsonObject edge(Edge e) {
    return new JsonObject().put("client", e.client()).put("server", e.server());
  }

  static <T> JsonArray array(List<T> items, Function<T, JsonObject> toJson) {
    JsonArray array = new JsonArray();
    items.forEach(item -> array.add(toJson.apply(item)));
    return array;
  }

  static String time(long wallNanos) {
    return Instant.ofEpochSecond(
            Math.floorDiv(wallNanos, 1_000_000_000L), Math.floorMod(wallNanos, 1_000_000_000L))
        .toString();
  }

  static double round(double share) {
    return Math.round(share * 1e4) / 1e4;
  }
}
