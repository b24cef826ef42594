package io.hoptoll.app.api;

import io.hoptoll.correlator.FinishedRequest;
import io.hoptoll.correlator.PathNode;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Hop;
import io.hoptoll.model.Ledger;
import io.hoptoll.model.Leg;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.SidecarSpan;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** One request's tree of hops, each with its ledger, marks and sources. */
final class RequestJson {
  private RequestJson() {}

  /** The root with what each party owns of the total. */
  static JsonObject of(FinishedRequest request) {
    return hop(request.root(), 0).put("parties", TrafficJson.parties(request.parties()));
  }

  /**
   * @param offsetNanos when the hop began on its parent's axis
   */
  private static JsonObject hop(PathNode node, long offsetNanos) {
    Hop hop = node.hop();
    SidecarSpan span = hop.outer().span();
    Ledger ledger = hop.ledger();
    return new JsonObject()
        .put("edge", VerdictJson.edge(node.edge()))
        .put("requestId", hop.requestId())
        .put("link", node.link().name())
        .put("start", VerdictJson.time(span.startWallNanos()))
        .put("method", span.request().method())
        .put("authority", span.request().authority())
        .put("path", span.path())
        .put("responseCode", span.outcome().code())
        .put("responseCodeDetails", span.outcome().details())
        .put("attempts", span.outcome().attempts())
        .put("offsetNanos", Nanos.isSet(offsetNanos) ? offsetNanos : null)
        .put("totalNanos", ledger.totalNanos())
        .put("total", ledger.totalName())
        .put("legs", VerdictJson.array(ledger.legs(), RequestJson::leg))
        .put("marks", VerdictJson.array(ledger.marks(), RequestJson::mark))
        .put("mergedMarks", new JsonArray(ledger.mergedMarks().stream().map(Enum::name).toList()))
        .put("client", half(hop.client()))
        .put("server", half(hop.server()))
        .put("earlierAttempts", VerdictJson.array(hop.attempts(), RequestJson::half))
        .put("hops", VerdictJson.array(node.children(), c -> hop(c, node.offsetNanos(c))));
  }

  private static JsonObject leg(Leg leg) {
    return new JsonObject()
        .put("leg", leg.name())
        .put("party", leg.party().name())
        .put("startNanos", leg.startNanos())
        .put("nanos", leg.nanos());
  }

  private static JsonObject mark(Ledger.MarkTime mark) {
    return new JsonObject()
        .put("mark", mark.mark().name())
        .put("meaning", mark.mark().meaning())
        .put("nanos", mark.nanos())
        .put("source", mark.source().name());
  }

  private static @Nullable JsonObject half(@Nullable HalfHop half) {
    if (half == null) {
      return null;
    }
    SidecarSpan span = half.span();
    return new JsonObject()
        .put("proxy", span.proxy().nodeId())
        .put("node", half.node())
        .put("responseCode", span.outcome().code())
        .put("callingApp", exchange(half.callingApp()))
        .put("downstream", exchange(half.downstream()))
        .put("upstream", exchange(half.upstream()))
        .put("servingApp", exchange(half.servingApp()));
  }

  private static @Nullable JsonObject exchange(@Nullable Exchange e) {
    if (e == null) {
      return null;
    }
    return new JsonObject()
        .put("socket", e.tuple().toString())
        .put("turn", e.turn())
        .put("process", e.owner().comm() + "/" + e.owner().tgid())
        .put("bytesIn", e.volume().bytesIn())
        .put("bytesOut", e.volume().bytesOut())
        .put("retransmits", e.tcp().retransmits())
        .put("minRttNanos", e.tcp().minRttMicros() * Nanos.PER_MICRO)
        .put("tcp", tcp(e.tcp()));
  }

  /** The rest of TCP's account of the exchange; what is 0 is left out. */
  private static JsonObject tcp(Exchange.Tcp t) {
    JsonObject json = new JsonObject();
    unlessZero(json, "lost", t.lost());
    unlessZero(json, "outOfOrder", t.outOfOrder());
    unlessZero(json, "dsacks", t.dsacks());
    unlessZero(json, "busyNanos", t.busyMillis() * Nanos.PER_MILLI);
    unlessZero(json, "receiveWindowLimitedNanos", t.receiveWindowLimitedMillis() * Nanos.PER_MILLI);
    unlessZero(json, "sendBufferLimitedNanos", t.sendBufferLimitedMillis() * Nanos.PER_MILLI);
    unlessZero(json, "receiveQueueMaxBytes", t.receiveQueueMax());
    unlessZero(json, "congestionWindowSegments", t.congestionWindow());
    unlessZero(json, "sendWindowBytes", t.windows().sendBytes());
    unlessZero(json, "receiveWindowBytes", t.windows().receiveBytes());
    unlessZero(json, "deliveryBytesPerSecond", t.windows().deliveryBytesPerSecond());
    return json;
  }

  private static void unlessZero(JsonObject json, String name, long value) {
    if (value != 0) {
      json.put(name, value);
    }
  }
}
