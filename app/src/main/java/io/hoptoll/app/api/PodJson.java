package io.hoptoll.app.api;

import io.hoptoll.correlator.pods.HttpTable;
import io.hoptoll.correlator.pods.PodList;
import io.hoptoll.correlator.pods.PodName;
import io.hoptoll.correlator.pods.PodTopology;
import io.hoptoll.correlator.pods.PodTopology.InFlight;
import io.hoptoll.correlator.pods.PodTopology.Link;
import io.hoptoll.correlator.pods.PodTopology.Member;
import io.hoptoll.correlator.pods.PodTopology.Peer;
import io.hoptoll.correlator.pods.SideTable;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Pods, their processes and lines as JSON. */
final class PodJson {
  private PodJson() {}

  static JsonObject list(PodList list, Map<String, Long> counters) {
    return new JsonObject()
        .put("pods", VerdictJson.array(list.pods(), PodJson::entry))
        .put("leftOut", VerdictJson.array(list.leftOut(), PodJson::leftOut))
        .put("counters", JsonObject.mapFrom(counters));
  }

  private static JsonObject entry(PodList.Entry e) {
    return name(e.pod())
        .put("processes", e.processes())
        .put("lines", e.lines())
        .put("bytesIn", e.bytesIn())
        .put("bytesOut", e.bytesOut());
  }

  private static JsonObject leftOut(PodList.LeftOut l) {
    return new JsonObject()
        .put("namespace", l.namespace())
        .put("name", l.name())
        .put("node", l.node())
        .put("reason", l.reason());
  }

  private static JsonObject name(PodName p) {
    return new JsonObject()
        .put("namespace", p.namespace())
        .put("name", p.name())
        .put("workload", p.workload())
        .put("namedBy", p.source())
        .put("node", p.node())
        .put("netns", p.netns())
        .put("addresses", new JsonArray(p.addresses()));
  }

  static JsonObject topology(PodTopology t) {
    return new JsonObject()
        .put("pod", name(t.pod()))
        .put("processes", VerdictJson.array(t.processes(), PodJson::process))
        .put("peers", VerdictJson.array(t.peers(), PodJson::peer))
        .put("lines", VerdictJson.array(t.lines(), PodJson::line))
        .put("inFlight", VerdictJson.array(t.inFlight(), PodJson::inFlight));
  }

  private static JsonObject process(Member p) {
    return new JsonObject()
        .put("id", p.id())
        .put("pid", p.tgid())
        .put("name", p.name())
        .put("executable", p.executable())
        .put("kind", p.kind())
        .put("sidecar", p.sidecar())
        .put("container", p.container())
        .put("ended", p.ended());
  }

  private static JsonObject peer(Peer p) {
    return new JsonObject()
        .put("id", p.id())
        .put("address", p.address())
        .put("port", p.port())
        .put("pod", p.name())
        .put("workload", p.workload());
  }

  /** In short: each side's bytes and losses; the whole table is the line's own resource. */
  static JsonObject line(Link l) {
    return new JsonObject()
        .put("id", l.id())
        .put("client", l.from())
        .put("server", l.to())
        .put("protocol", l.protocol())
        .put("serverPorts", new JsonArray(l.serverPorts()))
        .put("serverNames", new JsonArray(l.serverNames()))
        .put("clientSide", side(l.client()))
        .put("serverSide", side(l.server()))
        .put("http", l.http().isEmpty() ? null : http(l.http()));
  }

  private static JsonObject http(HttpTable http) {
    JsonObject statuses = new JsonObject();
    http.statuses().forEach((status, count) -> statuses.put(String.valueOf(status), count));
    return new JsonObject()
        .put("statuses", statuses)
        .put("routes", VerdictJson.array(http.routes(), PodJson::route));
  }

  private static JsonObject route(HttpTable.Route r) {
    return new JsonObject()
        .put("method", r.method())
        .put("path", r.path())
        .put("requests", r.requests())
        .put("errors", r.errors())
        .put("meanNanos", r.meanNanos())
        .put("maxNanos", r.maxNanos());
  }

  private static JsonObject inFlight(InFlight r) {
    return new JsonObject()
        .put("process", r.process())
        .put("outgoing", r.outgoing())
        .put("local", r.tuple().local().toString())
        .put("remote", r.tuple().remote().toString())
        .put("method", r.method())
        .put("path", r.path())
        .put("host", r.host())
        .put("requestId", r.requestId())
        .put("ageNanos", r.ageNanos());
  }

  private static @Nullable JsonObject side(SideTable s) {
    return LineMetrics.isEmpty(s)
        ? null
        : new JsonObject()
            .put("exchanges", s.exchanges())
            .put("bytesOut", s.write().bytes())
            .put("bytesIn", s.read().bytes())
            .put("connects", s.connect().count())
            .put("failedConnects", s.failedConnects())
            .put("retransmits", s.retransmits())
            .put("drops", s.drops())
            .put("resets", s.resets());
  }
}
