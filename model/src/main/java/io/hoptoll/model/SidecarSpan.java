package io.hoptoll.model;

/**
 * One access log entry: one request (HTTP) or connection (TCP) as one sidecar saw it. Source:
 * envoy/data/accesslog/v3/accesslog.proto.
 *
 * @param proxy who logged it
 * @param logName {@code identifier.log_name}
 * @param kind what moment the entry describes
 * @param protocol what the entry's own type says
 * @param startWallNanos {@code start_time}, the node's wall clock since 1970, ns (Envoy gives µs)
 * @param times offsets from {@code start_time}
 */
public record SidecarSpan(
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
   * A response 5xx, or none; of plain TCP, which has no codes, what the proxy said of a failure.
   */
  public boolean isError() {
    return protocol == Protocol.TCP
        ? outcome.flags() != 0 || !outcome.details().isEmpty()
        : outcome.code() == 0 || outcome.code() >= 500;
  }

  /** {@code cluster} names of Istio tell the side; empty or foreign names do not. */
  public boolean isInbound() {
    return request.upstreamCluster().startsWith("inbound|")
        || request.upstreamCluster().startsWith("InboundPassthroughCluster");
  }

  /** Likewise: an outbound cluster of Istio's, its pass-through or its black hole. */
  public boolean isOutbound() {
    return request.upstreamCluster().startsWith("outbound|")
        || request.upstreamCluster().equals("PassthroughCluster")
        || request.upstreamCluster().equals("BlackHoleCluster");
  }
}
