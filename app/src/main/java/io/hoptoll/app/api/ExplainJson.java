package io.hoptoll.app.api;

import io.hoptoll.correlator.Explanation;
import io.hoptoll.correlator.Explanation.LegLine;
import io.hoptoll.correlator.Explanation.MarkLine;
import io.hoptoll.correlator.FinishedRequest;
import io.hoptoll.correlator.PathNode;
import io.hoptoll.model.Ledger.MarkTime;
import io.hoptoll.model.Nanos;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The arithmetic of one request: marks with their sources, subtractions, what was missing. */
final class ExplainJson {
  private ExplainJson() {}

  static JsonObject of(FinishedRequest request) {
    return hop(request.root());
  }

  private static JsonObject hop(PathNode node) {
    var hop = node.hop();
    var span = hop.outer().span();
    Explanation explained = Explanation.of(hop);
    return new JsonObject()
        .put("edge", VerdictJson.edge(node.edge()))
        .put("start", VerdictJson.time(span.startWallNanos()))
        .put("method", span.request().method())
        .put("path", span.path())
        .put("responseCode", span.outcome().code())
        .put("totalNanos", hop.ledger().totalNanos())
        .put("total", hop.ledger().totalName())
        .put("marks", VerdictJson.array(explained.marks(), ExplainJson::mark))
        .put("legs", VerdictJson.array(explained.legs(), ExplainJson::leg))
        .put("clocks", explained.clocks())
        .put("missing", new JsonArray(explained.missing()))
        .put("hops", VerdictJson.array(node.children(), ExplainJson::hop));
  }

  private static JsonObject mark(MarkLine m) {
    return new JsonObject()
        .put("mark", m.mark().name())
        .put("meaning", m.mark().meaning())
        .put("use", m.use().name())
        .put("nanos", Nanos.isSet(m.nanos()) ? m.nanos() : null)
        .put("source", m.source())
        .put("socket", m.socket());
  }

  private static JsonObject leg(LegLine l) {
    return new JsonObject()
        .put("leg", l.leg().name())
        .put("party", l.leg().party().name())
        .put("nanos", l.leg().nanos())
        .put("from", name(l.from()))
        .put("to", name(l.to()))
        .put("arithmetic", arithmetic(l))
        .put("rule", l.rule());
  }

  private static @Nullable String name(@Nullable MarkTime t) {
    return t == null ? null : t.mark().name();
  }

  private static String arithmetic(LegLine l) {
    long start = l.leg().startNanos();
    return millis(start + l.leg().nanos())
        + " − "
        + millis(start)
        + " = "
        + millis(l.leg().nanos())
        + " ms";
  }

  private static String millis(long nanos) {
    return String.format(Locale.ROOT, "%.6f", nanos / 1e6);
  }
}
