package io.hoptoll.wire;

import io.hoptoll.model.Endpoint;
import io.hoptoll.model.Proxy;
import io.hoptoll.model.SidecarSpan;
import java.util.ArrayList;
import java.util.List;

/** Columns of access log entries: a part of the rows that carry one. */
final class SpanRows {
  static final int SPAN = 15;
  static final int ANNOUNCED = 16;

  private static final Proxy.Kind[] PROXIES = Proxy.Kind.values();
  private static final SidecarSpan.Kind[] KINDS = SidecarSpan.Kind.values();
  private static final SidecarSpan.Protocol[] PROTOCOLS = SidecarSpan.Protocol.values();

  private SpanRows() {}

  static void write(RowOut out, int kind, SidecarSpan s) {
    out.begin(kind);
    writePart(out, s);
    out.end();
  }

  static void writePart(RowOut out, SidecarSpan s) {
    int part = out.beginPart();
    write(out, s.proxy());
    out.longText(s.logName()).number(s.kind().ordinal()).number(s.protocol().ordinal());
    out.wall(s.startWallNanos());
    SidecarSpan.Times t = s.times();
    out.optional(t.lastRxNanos()).optional(t.firstUpstreamTxNanos());
    out.optional(t.lastUpstreamTxNanos()).optional(t.firstUpstreamRxNanos());
    out.optional(t.lastUpstreamRxNanos()).optional(t.firstDownstreamTxNanos());
    out.optional(t.lastDownstreamTxNanos()).optional(t.durationNanos());
    SidecarSpan.Addresses a = s.addresses();
    out.endpoint(a.downstreamDirectRemote()).endpoint(a.downstreamRemote());
    out.endpoint(a.downstreamLocal()).endpoint(a.upstreamLocal()).endpoint(a.upstreamRemote());
    SidecarSpan.Request r = s.request();
    out.longText(r.requestId()).longText(r.streamId()).longText(r.traceparent());
    out.longText(r.method()).longText(r.authority()).longText(r.path()).longText(r.routeName());
    out.longText(r.upstreamCluster()).longText(r.peerSan());
    out.number(r.attempt()).number(r.grpcStatus());
    SidecarSpan.Outcome o = s.outcome();
    out.number(o.code()).longText(o.details()).number(o.flags()).longText(o.failureReason());
    out.number(o.attempts());
    SidecarSpan.WireBytes b = s.bytes();
    out.optional(b.downstreamReceived()).optional(b.downstreamSent());
    out.optional(b.upstreamReceived()).optional(b.upstreamSent());
    out.endPart(part);
  }

  static SidecarSpan part(RowIn in) throws WireException {
    int outer = in.beginPart();
    SidecarSpan span =
        new SidecarSpan(
            proxy(in),
            in.text(),
            in.oneOf(KINDS),
            in.oneOf(PROTOCOLS),
            in.wall(),
            times(in),
            addresses(in),
            request(in),
            new SidecarSpan.Outcome(in.integer(), in.text(), in.number(), in.text(), in.integer()),
            new SidecarSpan.WireBytes(in.optional(), in.optional(), in.optional(), in.optional()));
    in.endPart(outer);
    return span;
  }

  private static SidecarSpan.Times times(RowIn in) {
    return new SidecarSpan.Times(
        in.optional(),
        in.optional(),
        in.optional(),
        in.optional(),
        in.optional(),
        in.optional(),
        in.optional(),
        in.optional());
  }

  private static SidecarSpan.Addresses addresses(RowIn in) throws WireException {
    Endpoint direct = in.endpoint();
    Endpoint remote = in.endpoint();
    return new SidecarSpan.Addresses(
        direct,
        remote.equals(direct) ? direct : remote,
        in.endpoint(),
        in.endpoint(),
        in.endpoint());
  }

  private static SidecarSpan.Request request(RowIn in) throws WireException {
    return new SidecarSpan.Request(
        in.text(),
        in.text(),
        in.text(),
        in.text(),
        in.text(),
        in.text(),
        in.text(),
        in.text(),
        in.text(),
        in.integer(),
        in.integer());
  }

  private static void write(RowOut out, Proxy p) {
    out.longText(p.nodeId()).number(p.kind().ordinal()).longText(p.namespace()).longText(p.pod());
    out.longText(p.workload()).longText(p.cluster()).longText(p.envoyVersion());
    List<String> ips = p.podIps().subList(0, Math.min(p.podIps().size(), Limits.POD_IPS));
    out.number(ips.size());
    ips.forEach(out::text);
  }

  /** Entries of one proxy share it, within a batch. */
  private static Proxy proxy(RowIn in) throws WireException {
    String nodeId = in.text();
    Proxy.Kind kind = in.oneOf(PROXIES);
    String namespace = in.text();
    String pod = in.text();
    String workload = in.text();
    String cluster = in.text();
    String version = in.text();
    List<String> ips = new ArrayList<>();
    for (long n = Math.min(in.number(), in.left()); n > 0; n--) {
      ips.add(in.text());
    }
    return in.shared(new Proxy(nodeId, kind, ips, namespace, pod, workload, cluster, version));
  }
}
