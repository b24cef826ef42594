package io.hoptoll.app.api;

import io.hoptoll.correlator.Charge;
import io.hoptoll.correlator.Edge;
import io.hoptoll.correlator.FinishedRequest;
import io.hoptoll.correlator.Summary;
import io.hoptoll.correlator.Traffic.EdgeTraffic;
import io.hoptoll.correlator.Traffic.TailPart;
import io.hoptoll.model.Hop;
import io.hoptoll.model.Leg;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.Party;
import io.hoptoll.model.SidecarSpan;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Summaries as JSON: what passed, how fast, and whose the time was. */
final class TrafficJson {
  private TrafficJson() {}

  /** Rate, errors, quantiles and the mean request's nanoseconds by party. */
  static JsonObject summary(Summary s) {
    long seconds = Math.max(1, s.toSecond() - s.fromSecond());
    return new JsonObject()
        .put("from", VerdictJson.time(s.fromSecond() * Nanos.PER_SECOND))
        .put("to", VerdictJson.time(s.toSecond() * Nanos.PER_SECOND))
        .put("requests", s.requests())
        .put("ratePerSecond", VerdictJson.round((double) s.requests() / seconds))
        .put("errors", s.errors())
        .put("meanNanos", Math.round(s.meanNanos()))
        .put("p50Nanos", Math.round(s.p50Nanos()))
        .put("p90Nanos", Math.round(s.p90Nanos()))
        .put("p99Nanos", Math.round(s.p99Nanos()))
        .put("parties", parties(s.parties()));
  }

  static JsonObject parties(Map<Party, ? extends Number> nanos) {
    JsonObject json = new JsonObject();
    for (Party party : Party.values()) {
      Number own = nanos.get(party);
      if (own != null && Math.round(own.doubleValue()) != 0) {
        json.put(party.name(), Math.round(own.doubleValue()));
      }
    }
    return json;
  }

  static JsonObject tail(TailPart part) {
    return new JsonObject()
        .put("fromRank", part.fromRank())
        .put("toRank", part.toRank())
        .put("requests", part.summary().requests())
        .put("meanNanos", Math.round(part.summary().meanNanos()))
        .put("parties", parties(part.summary().parties()));
  }

  /** An edge's summary and what its sockets said. */
  static JsonObject edge(EdgeTraffic e) {
    return summary(e.summary())
        .put("edge", VerdictJson.edge(e.edge()))
        .put("retransmits", e.retransmits())
        .put("connectionsOpened", e.connectionsOpened())
        .put("synRetransmits", e.synRetransmits())
        .put("minRttNanos", Math.round(e.minRttMicros() * Nanos.PER_MICRO));
  }

  /** The same with each leg of the mean call, by name. */
  static JsonObject edgePoint(EdgeTraffic e) {
    Map<String, Long> legs = new TreeMap<>();
    e.summary()
        .legs()
        .forEach(l -> legs.merge(Leg.name(l.kinds()), Math.round(l.nanos()), Long::sum));
    JsonObject json = new JsonObject();
    legs.forEach(json::put);
    return edge(e).put("legs", json);
  }

  /** What the graph shows of a service: the calls it served, and how many it made. */
  static JsonObject service(String name, List<EdgeTraffic> edges) {
    double served = 0;
    double made = 0;
    long errors = 0;
    for (EdgeTraffic e : edges) {
      Summary s = e.summary();
      double rate = (double) s.requests() / Math.max(1, s.toSecond() - s.fromSecond());
      Edge edge = e.edge();
      served += edge.server().equals(name) ? rate : 0;
      made += edge.client().equals(name) ? rate : 0;
      errors += edge.server().equals(name) ? s.errors() : 0;
    }
    return new JsonObject()
        .put("name", name)
        .put("servedPerSecond", VerdictJson.round(served))
        .put("madePerSecond", VerdictJson.round(made))
        .put("errors", errors);
  }

  /** A request as a row of a list. */
  static JsonObject row(FinishedRequest r) {
    Hop hop = r.root().hop();
    SidecarSpan span = hop.outer().span();
    return new JsonObject()
        .put("requestId", hop.requestId())
        .put("start", VerdictJson.time(span.startWallNanos()))
        .put("path", r.path())
        .put("method", span.request().method())
        .put("responseCode", span.outcome().code())
        .put("edge", VerdictJson.edge(r.root().edge()))
        .put("hops", r.root().size())
        .put("totalNanos", r.totalNanos())
        .put("party", r.largestParty().name())
        .put("largest", largest(r.largest()))
        .put("parties", parties(r.parties()));
  }

  private static JsonObject largest(Charge c) {
    return new JsonObject()
        .put("edge", VerdictJson.edge(c.edge()))
        .put("leg", Leg.name(c.kinds()))
        .put("nanos", c.nanos());
  }
}
