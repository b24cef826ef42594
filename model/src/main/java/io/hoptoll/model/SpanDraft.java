package io.hoptoll.model;

/**
 * Most of a span before it is one; used again for the next, so that spans that come by the hundred
 * thousand a second leave no records behind.
 */
public final class SpanDraft {
  /** {@link SidecarSpan.Times}, then {@link SidecarSpan.WireBytes}. */
  final long[] figures = new long[12];

  Endpoint downstreamDirectRemote = Endpoint.NONE;
  Endpoint downstreamRemote = Endpoint.NONE;
  Endpoint downstreamLocal = Endpoint.NONE;
  Endpoint upstreamLocal = Endpoint.NONE;
  Endpoint upstreamRemote = Endpoint.NONE;
  String requestId = "";
  long requestHash;
  String streamId = "";
  String traceparent = "";
  String method = "";
  String authority = "";
  String path = "";
  String routeName = "";
  String upstreamCluster = "";
  String peerSan = "";
  int attempt;
  int grpcStatus;

  /** As {@link SidecarSpan.Times} has them. */
  public SpanDraft times(
      long lastRxNanos,
      long firstUpstreamTxNanos,
      long lastUpstreamTxNanos,
      long firstUpstreamRxNanos,
      long lastUpstreamRxNanos,
      long firstDownstreamTxNanos,
      long lastDownstreamTxNanos,
      long durationNanos) {
    figures[0] = lastRxNanos;
    figures[1] = firstUpstreamTxNanos;
    figures[2] = lastUpstreamTxNanos;
    figures[3] = firstUpstreamRxNanos;
    figures[4] = lastUpstreamRxNanos;
    figures[5] = firstDownstreamTxNanos;
    figures[6] = lastDownstreamTxNanos;
    figures[7] = durationNanos;
    return this;
  }

  /** As {@link SidecarSpan.Addresses} has them. */
  public SpanDraft addresses(
      Endpoint itsDownstreamDirectRemote,
      Endpoint itsDownstreamRemote,
      Endpoint itsDownstreamLocal,
      Endpoint itsUpstreamLocal,
      Endpoint itsUpstreamRemote) {
    downstreamDirectRemote = itsDownstreamDirectRemote;
    downstreamRemote = itsDownstreamRemote;
    downstreamLocal = itsDownstreamLocal;
    upstreamLocal = itsUpstreamLocal;
    upstreamRemote = itsUpstreamRemote;
    return this;
  }

  /** As {@link SidecarSpan.WireBytes} has them. */
  public SpanDraft bytes(
      long downstreamReceived, long downstreamSent, long upstreamReceived, long upstreamSent) {
    figures[8] = downstreamReceived;
    figures[9] = downstreamSent;
    figures[10] = upstreamReceived;
    figures[11] = upstreamSent;
    return this;
  }

  /** As {@link SidecarSpan.Request} has it: which request it is. */
  public SpanDraft request(String itsId, String itsStreamId, String itsTraceparent) {
    return request(itsId, TextHash.of(itsId), itsStreamId, itsTraceparent);
  }

  /**
   * The same for who knows the id's hash.
   *
   * @param itsHash {@link TextHash} of its id
   */
  public SpanDraft request(String itsId, long itsHash, String itsStreamId, String itsTraceparent) {
    requestId = itsId;
    requestHash = itsHash;
    streamId = itsStreamId;
    traceparent = itsTraceparent;
    return this;
  }

  /** As {@link SidecarSpan.Request} has it: what was asked, and of whom. */
  public SpanDraft asked(
      String itsMethod,
      String itsAuthority,
      String itsPath,
      String itsRouteName,
      String itsUpstreamCluster,
      String itsPeerSan) {
    method = itsMethod;
    authority = itsAuthority;
    path = itsPath;
    routeName = itsRouteName;
    upstreamCluster = itsUpstreamCluster;
    peerSan = itsPeerSan;
    return this;
  }

  /** As {@link SidecarSpan.Request} has them. */
  public SpanDraft numbers(int itsAttempt, int itsGrpcStatus) {
    attempt = itsAttempt;
    grpcStatus = itsGrpcStatus;
    return this;
  }

  /** The rest is as {@link SidecarSpan#SidecarSpan} has it, with the stream it came on. */
  public SidecarSpan span(
      LogStream stream,
      SidecarSpan.Kind kind,
      SidecarSpan.Protocol protocol,
      long startWallNanos,
      SidecarSpan.Outcome outcome) {
    return new SidecarSpan(this, stream, kind, protocol, startWallNanos, outcome);
  }

  SpanDraft times(SidecarSpan.Times t) {
    return times(
        t.lastRxNanos(),
        t.firstUpstreamTxNanos(),
        t.lastUpstreamTxNanos(),
        t.firstUpstreamRxNanos(),
        t.lastUpstreamRxNanos(),
        t.firstDownstreamTxNanos(),
        t.lastDownstreamTxNanos(),
        t.durationNanos());
  }

  SpanDraft addresses(SidecarSpan.Addresses a) {
    return addresses(
        a.downstreamDirectRemote(),
        a.downstreamRemote(),
        a.downstreamLocal(),
        a.upstreamLocal(),
        a.upstreamRemote());
  }

  SpanDraft bytes(SidecarSpan.WireBytes b) {
    return bytes(
        b.downstreamReceived(), b.downstreamSent(), b.upstreamReceived(), b.upstreamSent());
  }

  SpanDraft request(SidecarSpan.Request r) {
    return request(r.requestId(), r.streamId(), r.traceparent())
        .asked(r.method(), r.authority(), r.path(), r.routeName(), r.upstreamCluster(), r.peerSan())
        .numbers(r.attempt(), r.grpcStatus());
  }
}
