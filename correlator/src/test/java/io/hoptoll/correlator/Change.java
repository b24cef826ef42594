package io.hoptoll.correlator;

import io.hoptoll.model.Exchange;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.Proxy;
import io.hoptoll.model.SidecarSpan;
import io.hoptoll.model.UpstreamPool;
import org.jspecify.annotations.Nullable;

/** Copies of records with one thing changed, and half hops of a {@link World.Truth}. */
final class Change {
  private Change() {}

  static HalfHop client(World.Truth t) {
    return half(t.client(), World.NODE, t.e1(), t.e2(), t.e3(), null, UpstreamPool.UNKNOWN);
  }

  static HalfHop server(World.Truth t) {
    return half(t.server(), World.NODE, null, t.e4(), t.e5(), t.e6(), UpstreamPool.UNKNOWN);
  }

  static HalfHop half(
      SidecarSpan span,
      String node,
      @Nullable Exchange calling,
      @Nullable Exchange down,
      @Nullable Exchange up,
      @Nullable Exchange serving,
      UpstreamPool pool) {
    long start = span.startWallNanos() - World.WALL_OFFSET;
    long netns = serving == null ? 11 : 12;
    return new HalfHop(span, node, netns, start, calling, down, up, serving, pool);
  }

  static HalfHop pool(HalfHop h, UpstreamPool pool) {
    return new HalfHop(
        h.span(),
        h.node(),
        h.netns(),
        h.startNanos(),
        h.callingApp(),
        h.downstream(),
        h.upstream(),
        h.servingApp(),
        pool);
  }

  /** The same half on a node whose clock reads this much more. */
  static HalfHop node(HalfHop h, String node, long ahead) {
    return new HalfHop(
        h.span(),
        node,
        h.netns(),
        h.startNanos() + ahead,
        later(h.callingApp(), ahead),
        later(h.downstream(), ahead),
        later(h.upstream(), ahead),
        later(h.servingApp(), ahead),
        h.pool());
  }

  static @Nullable Exchange later(@Nullable Exchange e, long by) {
    if (e == null) {
      return null;
    }
    Exchange.Marks m = e.marks();
    return marks(
        e,
        new Exchange.Marks(
            Nanos.plus(m.readyFirstNanos(), by),
            Nanos.plus(m.readyLastNanos(), by),
            Nanos.plus(m.readFirstNanos(), by),
            Nanos.plus(m.readLastNanos(), by),
            Nanos.plus(m.sendFirstNanos(), by),
            Nanos.plus(m.sendLastNanos(), by)));
  }

  static Exchange marks(Exchange e, Exchange.Marks marks) {
    return exchange(e, e.flags(), e.owner(), e.opening(), marks, e.volume(), e.tcp());
  }

  static Exchange flags(Exchange e, int flags) {
    return exchange(e, flags, e.owner(), e.opening(), e.marks(), e.volume(), e.tcp());
  }

  static Exchange owner(Exchange e, Exchange.Owner owner) {
    return exchange(e, e.flags(), owner, e.opening(), e.marks(), e.volume(), e.tcp());
  }

  static Exchange opening(Exchange e, Exchange.Opening opening) {
    return exchange(e, e.flags(), e.owner(), opening, e.marks(), e.volume(), e.tcp());
  }

  static Exchange volume(Exchange e, Exchange.Volume volume) {
    return exchange(e, e.flags(), e.owner(), e.opening(), e.marks(), volume, e.tcp());
  }

  static Exchange tcp(Exchange e, Exchange.Tcp tcp) {
    return exchange(e, e.flags(), e.owner(), e.opening(), e.marks(), e.volume(), tcp);
  }

  private static Exchange exchange(
      Exchange e,
      int flags,
      Exchange.Owner owner,
      Exchange.Opening opening,
      Exchange.Marks marks,
      Exchange.Volume volume,
      Exchange.Tcp tcp) {
    return new Exchange(
        e.node(),
        e.netns(),
        e.socketId(),
        e.turn(),
        e.emitNanos(),
        e.tuple(),
        e.role(),
        flags,
        owner,
        opening,
        marks,
        volume,
        tcp);
  }

  /** The same of another pod, socket and turn. */
  static Exchange place(Exchange e, String node, long netns, long socketId, int turn) {
    return new Exchange(
        node,
        netns,
        socketId,
        turn,
        e.emitNanos(),
        e.tuple(),
        e.role(),
        e.flags(),
        e.owner(),
        e.opening(),
        e.marks(),
        e.volume(),
        e.tcp());
  }

  static SidecarSpan proxy(SidecarSpan s, Proxy proxy) {
    return span(s, proxy, s.startWallNanos(), s.addresses(), s.request(), s.outcome());
  }

  /** The same entry from a node whose wall clock reads this much more. */
  static SidecarSpan wallClock(SidecarSpan s, long ahead) {
    return span(s, s.proxy(), s.startWallNanos() + ahead, s.addresses(), s.request(), s.outcome());
  }

  static SidecarSpan addresses(SidecarSpan s, SidecarSpan.Addresses addresses) {
    return span(s, s.proxy(), s.startWallNanos(), addresses, s.request(), s.outcome());
  }

  static SidecarSpan request(SidecarSpan s, SidecarSpan.Request request) {
    return span(s, s.proxy(), s.startWallNanos(), s.addresses(), request, s.outcome());
  }

  static SidecarSpan cluster(SidecarSpan s, String cluster) {
    SidecarSpan.Request r = s.request();
    return named(s, r.requestId(), r.traceparent(), cluster, r.grpcStatus());
  }

  static SidecarSpan grpcStatus(SidecarSpan s, int grpcStatus) {
    SidecarSpan.Request r = s.request();
    return named(s, r.requestId(), r.traceparent(), r.upstreamCluster(), grpcStatus);
  }

  static SidecarSpan requestId(SidecarSpan s, String id) {
    SidecarSpan.Request r = s.request();
    return named(s, id, r.traceparent(), r.upstreamCluster(), r.grpcStatus());
  }

  static SidecarSpan traceparent(SidecarSpan s, String traceparent) {
    SidecarSpan.Request r = s.request();
    return named(s, r.requestId(), traceparent, r.upstreamCluster(), r.grpcStatus());
  }

  /** HTTP's stream id is the request id, as {@link SidecarSpan.Request} says. */
  private static SidecarSpan named(
      SidecarSpan s, String id, String traceparent, String cluster, int grpcStatus) {
    SidecarSpan.Request r = s.request();
    return request(
        s,
        new SidecarSpan.Request(
            id,
            id.equals(r.requestId()) ? r.streamId() : id,
            traceparent,
            r.method(),
            r.authority(),
            r.path(),
            r.routeName(),
            cluster,
            r.peerSan(),
            r.attempt(),
            grpcStatus));
  }

  static SidecarSpan outcome(SidecarSpan s, SidecarSpan.Outcome outcome) {
    return span(s, s.proxy(), s.startWallNanos(), s.addresses(), s.request(), outcome);
  }

  static SidecarSpan attempts(SidecarSpan s, int attempts) {
    SidecarSpan.Outcome o = s.outcome();
    return span(
        s,
        s.proxy(),
        s.startWallNanos(),
        s.addresses(),
        s.request(),
        new SidecarSpan.Outcome(o.code(), o.details(), o.flags(), o.failureReason(), attempts));
  }

  static SidecarSpan times(SidecarSpan s, SidecarSpan.Times times) {
    return new SidecarSpan(
        s.proxy(),
        s.logName(),
        s.kind(),
        s.protocol(),
        s.startWallNanos(),
        times,
        s.addresses(),
        s.request(),
        s.outcome(),
        s.bytes());
  }

  static SidecarSpan protocol(SidecarSpan s, SidecarSpan.Protocol protocol) {
    return new SidecarSpan(
        s.proxy(),
        s.logName(),
        s.kind(),
        protocol,
        s.startWallNanos(),
        s.times(),
        s.addresses(),
        s.request(),
        s.outcome(),
        s.bytes());
  }

  private static SidecarSpan span(
      SidecarSpan s,
      Proxy proxy,
      long start,
      SidecarSpan.Addresses addresses,
      SidecarSpan.Request request,
      SidecarSpan.Outcome outcome) {
    return new SidecarSpan(
        proxy,
        s.logName(),
        s.kind(),
        s.protocol(),
        start,
        s.times(),
        addresses,
        request,
        outcome,
        s.bytes());
  }
}
