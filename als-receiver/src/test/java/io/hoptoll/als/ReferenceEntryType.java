package io.hoptoll.als;

import io.envoyproxy.envoy.data.accesslog.v3.AccessLogCommon;
import io.envoyproxy.envoy.data.accesslog.v3.HTTPAccessLogEntry;
import io.hoptoll.model.SidecarSpan;
import org.jspecify.annotations.Nullable;

/**
 * What moment an entry describes, and whether it is about a request or a bare connection. By
 * number, so that types newer than the compiled proto keep their meaning (TcpConnectionStart came
 * with Envoy 1.38); 0 is what Envoys before 1.27 and listener logs send.
 */
final class ReferenceEntryType {
  private static final int NOT_SET = 0;
  private static final int TCP_UPSTREAM_CONNECTED = 1;
  private static final int TCP_PERIODIC = 2;
  private static final int TCP_CONNECTION_END = 3;
  private static final int DOWNSTREAM_START = 4;
  private static final int DOWNSTREAM_PERIODIC = 5;
  private static final int DOWNSTREAM_END = 6;
  private static final int UPSTREAM_POOL_READY = 7;
  private static final int UPSTREAM_PERIODIC = 8;
  private static final int UPSTREAM_END = 9;
  private static final int DOWNSTREAM_TUNNEL_ESTABLISHED = 10;
  private static final int TCP_CONNECTION_START = 14;

  private ReferenceEntryType() {}

  /** Null for what Hoptoll has no use for: UDP sessions, and unknown types that are not an end. */
  @SuppressWarnings("deprecation") // intermediate_log_entry: all that Envoy 1.25 and 1.26 say
  static SidecarSpan.@Nullable Kind kind(AccessLogCommon common) {
    return switch (common.getAccessLogTypeValue()) {
      case NOT_SET ->
          common.getIntermediateLogEntry() ? SidecarSpan.Kind.PERIODIC : SidecarSpan.Kind.END;
      case TCP_CONNECTION_END, DOWNSTREAM_END -> SidecarSpan.Kind.END;
      case TCP_PERIODIC, DOWNSTREAM_PERIODIC, UPSTREAM_PERIODIC -> SidecarSpan.Kind.PERIODIC;
      case UPSTREAM_END -> SidecarSpan.Kind.ATTEMPT;
      case DOWNSTREAM_START,
          UPSTREAM_POOL_READY,
          DOWNSTREAM_TUNNEL_ESTABLISHED,
          TCP_CONNECTION_START,
          TCP_UPSTREAM_CONNECTED ->
          SidecarSpan.Kind.START;
      default -> null;
    };
  }

  /** The protocol of an entry of the HTTP logger; TCP where Istio made it log a bare connection. */
  static SidecarSpan.Protocol protocol(HTTPAccessLogEntry entry) {
    return switch (entry.getProtocolVersion()) {
      case HTTP10, HTTP11 -> SidecarSpan.Protocol.HTTP1;
      case HTTP2 -> SidecarSpan.Protocol.HTTP2;
      case HTTP3 -> SidecarSpan.Protocol.HTTP3;
      default -> isConnection(entry) ? SidecarSpan.Protocol.TCP : SidecarSpan.Protocol.HTTP1;
    };
  }

  /**
   * The protocol of an entry of the TCP logger. Where it is attached to HTTP filter chains (Istio
   * attaches every provider to every chain) it logs requests, without method, path or code.
   */
  static SidecarSpan.Protocol protocolOfTcpLog(AccessLogCommon common) {
    return isRequest(common) ? SidecarSpan.Protocol.HTTP1 : SidecarSpan.Protocol.TCP;
  }

  private static boolean isConnection(HTTPAccessLogEntry entry) {
    return !isRequest(entry.getCommonProperties())
        && entry.getRequest().getRequestMethodValue() == 0
        && entry.getRequest().getPath().isEmpty()
        && entry.getRequest().getRequestId().isEmpty()
        && !entry.getResponse().hasResponseCode();
  }

  /** By type, and without one by the timings that a TCP proxy never fills. */
  private static boolean isRequest(AccessLogCommon common) {
    int type = common.getAccessLogTypeValue();
    return type == NOT_SET
        ? common.hasTimeToLastRxByte() || common.hasTimeToLastDownstreamTxByte()
        : type >= DOWNSTREAM_START && type <= DOWNSTREAM_TUNNEL_ESTABLISHED;
  }
}
