package io.hoptoll.model;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One access log entry: one request (HTTP) or connection (TCP) as one sidecar saw it. Source:
 * envoy/data/accesslog/v3/accesslog.proto.
 *
 * <p>A hundred thousand of them wait at a time, so one is one object: its times, what was asked and
 * its bytes are fields, of which a record is made for who asks. Times of two seconds at most and
 * bytes of two gigabytes at most take half the room.
 */
public final class SidecarSpan {
  /** RFC 6585: it had no room for a request that was in order. */
  private static final int TOO_MANY_REQUESTS = 429;

  /** gRPC codes that are the server's or the mesh's failing, not an answer (grpc.io, codes). */
  private static final long GRPC_FAILED =
      1L << 2 | 1L << 4 | 1L << 8 | 1L << 12 | 1L << 13 | 1L << 14 | 1L << 15;

  private final LogStream stream;
  private final Kind kind;
  private final Protocol protocol;
  private final long startWallNanos;

  /** {@link Addresses}. */
  private final Endpoint downstreamDirectRemote;

  private final Endpoint downstreamRemote;
  private final Endpoint downstreamLocal;
  private final Endpoint upstreamLocal;
  private final Endpoint upstreamRemote;
  private final Outcome outcome;

  /**
   * {@link Times} and {@link WireBytes}, where one of them is more than an int holds; else null.
   */
  private final long @Nullable [] wide;

  /** {@link Times}. */
  private final int lastRxNanos;

  private final int firstUpstreamTxNanos;
  private final int lastUpstreamTxNanos;
  private final int firstUpstreamRxNanos;
  private final int lastUpstreamRxNanos;
  private final int firstDownstreamTxNanos;
  private final int lastDownstreamTxNanos;
  private final int durationNanos;

  /** {@link Request}. */
  private final String requestId;

  private final long requestHash;

  private final String streamId;
  private final String traceparent;
  private final String method;
  private final String authority;
  private final String path;
  private final String routeName;
  private final String upstreamCluster;
  private final String peerSan;
  private final int attempt;
  private final int grpcStatus;

  /** {@link WireBytes}. */
  private final int downstreamReceived;

  private final int downstreamSent;
  private final int upstreamReceived;
  private final int upstreamSent;

  /**
   * @param proxy who logged it
   * @param logName {@code identifier.log_name}
   * @param kind what moment the entry describes
   * @param protocol what the entry's own type says
   * @param startWallNanos {@code start_time}, the node's wall clock since 1970, ns (Envoy gives µs)
   * @param times offsets from {@code start_time}
   */
  public SidecarSpan(
      Proxy proxy,
      String logName,
      Kind kind,
      Protocol protocol,
      long startWallNanos,
      Times times,
      Addresses addresses,
      Request request,
      Outcome outcome,
      WireBytes bytes) {
    this(
        new SpanDraft().times(times).addresses(addresses).request(request).bytes(bytes),
        LogStream.unordered(proxy, logName),
        kind,
        protocol,
        startWallNanos,
        outcome);
  }

  SidecarSpan(
      SpanDraft draft,
      LogStream stream,
      Kind kind,
      Protocol protocol,
      long startWallNanos,
      Outcome outcome) {
    this.stream = stream;
    this.kind = kind;
    this.protocol = protocol;
    this.startWallNanos = startWallNanos;
    this.downstreamDirectRemote = draft.downstreamDirectRemote;
    this.downstreamRemote = draft.downstreamRemote;
    this.downstreamLocal = draft.downstreamLocal;
    this.upstreamLocal = draft.upstreamLocal;
    this.upstreamRemote = draft.upstreamRemote;
    this.outcome = outcome;
    long[] figures = draft.figures;
    this.wide = fit(figures) ? null : figures.clone();
    this.lastRxNanos = narrow(figures[0]);
    this.firstUpstreamTxNanos = narrow(figures[1]);
    this.lastUpstreamTxNanos = narrow(figures[2]);
    this.firstUpstreamRxNanos = narrow(figures[3]);
    this.lastUpstreamRxNanos = narrow(figures[4]);
    this.firstDownstreamTxNanos = narrow(figures[5]);
    this.lastDownstreamTxNanos = narrow(figures[6]);
    this.durationNanos = narrow(figures[7]);
    this.downstreamReceived = narrow(figures[8]);
    this.downstreamSent = narrow(figures[9]);
    this.upstreamReceived = narrow(figures[10]);
    this.upstreamSent = narrow(figures[11]);
    this.requestId = draft.requestId;
    this.requestHash = draft.requestHash;
    this.streamId = draft.streamId;
    this.traceparent = draft.traceparent;
    this.method = draft.method;
    this.authority = draft.authority;
    this.path = draft.path;
    this.routeName = draft.routeName;
    this.upstreamCluster = draft.upstreamCluster;
    this.peerSan = draft.peerSan;
    this.attempt = draft.attempt;
    this.grpcStatus = draft.grpcStatus;
  }

  private static boolean fit(long[] figures) {
    boolean fit = true;
    for (long figure : figures) {
      fit &= fits(figure);
    }
    return fit;
  }

  /** The int that stands for unset stands for nothing else. */
  private static boolean fits(long value) {
    return value == Nanos.UNSET || value > Integer.MIN_VALUE && value <= Integer.MAX_VALUE;
  }

  private static int narrow(long value) {
    return value == Nanos.UNSET ? Integer.MIN_VALUE : (int) value;
  }

  /**
   * @param place in {@link #wide}
   */
  private long value(int narrow, int place) {
    if (wide != null) {
      return wide[place];
    }
    return narrow == Integer.MIN_VALUE ? Nanos.UNSET : narrow;
  }

  /** On which it came; equal spans may have come on different ones. */
  public LogStream stream() {
    return stream;
  }

  public Proxy proxy() {
    return stream.proxy();
  }

  public String logName() {
    return stream.logName();
  }

  public Kind kind() {
    return kind;
  }

  public Protocol protocol() {
    return protocol;
  }

  public long startWallNanos() {
    return startWallNanos;
  }

  /** The same of its end; its start where it has no duration. */
  public long endWallNanos() {
    long duration = durationNanos();
    return startWallNanos + (Nanos.isSet(duration) ? duration : 0);
  }

  public Times times() {
    return new Times(
        value(lastRxNanos, 0),
        value(firstUpstreamTxNanos, 1),
        value(lastUpstreamTxNanos, 2),
        value(firstUpstreamRxNanos, 3),
        value(lastUpstreamRxNanos, 4),
        value(firstDownstreamTxNanos, 5),
        value(lastDownstreamTxNanos, 6),
        value(durationNanos, 7));
  }

  /** As {@link Times} has them; so of what follows: who asks for one needs no record of all. */
  public long lastRxNanos() {
    return value(lastRxNanos, 0);
  }

  public long firstUpstreamTxNanos() {
    return value(firstUpstreamTxNanos, 1);
  }

  public long firstUpstreamRxNanos() {
    return value(firstUpstreamRxNanos, 3);
  }

  public long firstDownstreamTxNanos() {
    return value(firstDownstreamTxNanos, 5);
  }

  public long durationNanos() {
    return value(durationNanos, 7);
  }

  public Addresses addresses() {
    return new Addresses(
        downstreamDirectRemote, downstreamRemote, downstreamLocal, upstreamLocal, upstreamRemote);
  }

  /** As {@link Addresses} has it; so the others. */
  public Endpoint downstreamDirectRemote() {
    return downstreamDirectRemote;
  }

  public Endpoint downstreamRemote() {
    return downstreamRemote;
  }

  public Endpoint downstreamLocal() {
    return downstreamLocal;
  }

  public Endpoint upstreamLocal() {
    return upstreamLocal;
  }

  public Endpoint upstreamRemote() {
    return upstreamRemote;
  }

  public Request request() {
    return new Request(
        requestId,
        streamId,
        traceparent,
        method,
        authority,
        path,
        routeName,
        upstreamCluster,
        peerSan,
        attempt,
        grpcStatus);
  }

  /** As {@link Request} has it; so the others. */
  public String upstreamCluster() {
    return upstreamCluster;
  }

  public String requestId() {
    return requestId;
  }

  /** {@link TextHash} of the request id; 0: it has none. */
  public long requestHash() {
    return requestHash;
  }

  public String streamId() {
    return streamId;
  }

  public String traceparent() {
    return traceparent;
  }

  /** The host that was asked for. */
  public String authority() {
    return authority;
  }

  public String path() {
    return path;
  }

  public String peerSan() {
    return peerSan;
  }

  public Outcome outcome() {
    return outcome;
  }

  public WireBytes bytes() {
    return new WireBytes(
        value(downstreamReceived, 8),
        value(downstreamSent, 9),
        value(upstreamReceived, 10),
        value(upstreamSent, 11));
  }

  @Override
  public boolean equals(@Nullable Object o) {
    return o == this
        || o instanceof SidecarSpan s
            && startWallNanos == s.startWallNanos
            && kind == s.kind
            && protocol == s.protocol
            && times().equals(s.times())
            && request().equals(s.request())
            && addresses().equals(s.addresses())
            && outcome.equals(s.outcome)
            && bytes().equals(s.bytes())
            && logName().equals(s.logName())
            && proxy().equals(s.proxy());
  }

  @Override
  public int hashCode() {
    return Objects.hash(proxy(), startWallNanos, durationNanos(), requestId, addresses());
  }

  @Override
  public String toString() {
    return "SidecarSpan[%s, %s, %s, %s, %d, %s, %s, %s, %s, %s]"
        .formatted(
            proxy(),
            logName(),
            kind,
            protocol,
            startWallNanos,
            times(),
            addresses(),
            request(),
            outcome,
            bytes());
  }

  /** Envoy's AccessLogType, reduced to what the join treats differently. */
  public enum Kind {
    /** DownstreamEnd, TcpConnectionEnd, and NotSet of old Envoys: the whole request. */
    END,
    /** DownstreamStart, TcpConnectionStart, TcpUpstreamConnected, UpstreamPoolReady. */
    START,
    /** DownstreamPeriodic, TcpPeriodic, UpstreamPeriodic: cumulative so far. */
    PERIODIC,
    /** UpstreamEnd: one attempt of the router ({@code upstream_log}). */
    ATTEMPT
  }

  /** How the request arrived; TCP also where an HTTP logger reported a bare connection (Istio). */
  public enum Protocol {
    HTTP1,
    HTTP2,
    HTTP3,
    TCP
  }

  /**
   * Nanoseconds from the span's start; {@link Nanos#UNSET} where the entry has none. Names are the
   * proto's: {@code time_to_last_rx_byte}, ...
   */
  public record Times(
      long lastRxNanos,
      long firstUpstreamTxNanos,
      long lastUpstreamTxNanos,
      long firstUpstreamRxNanos,
      long lastUpstreamRxNanos,
      long firstDownstreamTxNanos,
      long lastDownstreamTxNanos,
      long durationNanos) {}

  /** Addresses as logged; {@link Endpoint#NONE} where absent or no IP address. */
  public record Addresses(
      Endpoint downstreamDirectRemote,
      Endpoint downstreamRemote,
      Endpoint downstreamLocal,
      Endpoint upstreamLocal,
      Endpoint upstreamRemote) {}

  /**
   * @param requestId x-request-id
   * @param streamId {@code stream_id}: HTTP's is the request id, TCP's a UUID per connection
   * @param traceparent the request's trace context in W3C's form, empty if not logged
   * @param attempt x-envoy-attempt-count of this request as it came in or went out, 0 if not logged
   * @param grpcStatus {@code grpc-status} of trailers, then headers; -1 if not logged
   */
  public record Request(
      String requestId,
      String streamId,
      String traceparent,
      String method,
      String authority,
      String path,
      String routeName,
      String upstreamCluster,
      String peerSan,
      int attempt,
      int grpcStatus) {}

  /**
   * @param code HTTP status, 0 if no response started
   * @param details {@code response_code_details}, or {@code connection_termination_details}
   * @param flags bit set by {@link ResponseFlag#ordinal()}
   * @param failureReason upstream, else downstream transport failure reason
   * @param attempts {@code upstream_request_attempt_count}, 0 if absent
   */
  public record Outcome(int code, String details, long flags, String failureReason, int attempts) {
    public boolean has(ResponseFlag flag) {
      return (flags & flag.bit()) != 0;
    }
  }

  /** Bytes with protocol overhead, without TLS; {@link Nanos#UNSET} where absent. */
  public record WireBytes(
      long downstreamReceived, long downstreamSent, long upstreamReceived, long upstreamSent) {}

  /**
   * {@link #isErrorResponse}, or no response; of plain TCP, which has no codes, what the proxy said
   * of a failure.
   */
  public boolean isError() {
    return protocol == Protocol.TCP
        ? outcome.flags() != 0 || !outcome.details().isEmpty()
        : outcome.code() == 0 || isErrorResponse();
  }

  /** Status 5xx, 429, or of gRPC one that is the server's failing rather than the caller's. */
  public boolean isErrorResponse() {
    int status = outcome.code();
    boolean isGrpcError = grpcStatus > 0 && grpcStatus < 64 && (GRPC_FAILED >> grpcStatus & 1) != 0;
    return status >= 500 || status == TOO_MANY_REQUESTS || isGrpcError;
  }

  /** {@code cluster} names of Istio tell the side; empty or foreign names do not. */
  public boolean isInbound() {
    return upstreamCluster.startsWith("inbound|")
        || upstreamCluster.startsWith("InboundPassthroughCluster");
  }

  /** Likewise: an outbound cluster of Istio's, its pass-through or its black hole. */
  public boolean isOutbound() {
    return upstreamCluster.startsWith("outbound|")
        || upstreamCluster.equals("PassthroughCluster")
        || upstreamCluster.equals("BlackHoleCluster");
  }
}
