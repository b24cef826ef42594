package io.hoptoll.als;

import io.hoptoll.model.SidecarSpan;
import org.jspecify.annotations.Nullable;

/**
 * What moment an entry describes, and whether it is about a request or a bare connection. By
 * number, so that types newer than the compiled proto keep their meaning (TcpConnectionStart came
 * with Envoy 1.38); 0 is what Envoys before 1.27 and listener logs send.
 */
final class EntryType {
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

  /** Numbers of {@code HTTPAccessLogEntry.HTTPVersion}. */
  private static final int HTTP10 = 1;

  private static final int HTTP11 = 2;
  private static final int HTTP2 = 3;
  private static final int HTTP3 = 4;

  private EntryType() {}

  /** Null for what Hoptoll has no use for: UDP sessions, and unknown types that are not an end. */
  static SidecarSpan.@Nullable Kind kind(EntryFields entry) {
    return switch (entry.accessLogType) {
      case NOT_SET -> // intermediate_log_entry is all that Envoy 1.25 and 1.26 say
          entry.intermediate ? SidecarSpan.Kind.PERIODIC : SidecarSpan.Kind.END;
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

  /**
   * TCP where an entry is about a bare connection: of the HTTP logger (Istio makes it log these)
   * without anything of a request, of the TCP logger unless its type or timings say request. For
   * Istio attaches every provider to every chain, so the TCP logger logs requests too, without
   * method, path or code; it has no protocol version, and none of the fields asked for below.
   */
  static SidecarSpan.Protocol protocol(EntryFields entry) {
    return switch (entry.protocolVersion) {
      case HTTP10, HTTP11 -> SidecarSpan.Protocol.HTTP1;
      case HTTP2 -> SidecarSpan.Protocol.HTTP2;
      case HTTP3 -> SidecarSpan.Protocol.HTTP3;
      default -> isConnection(entry) ? SidecarSpan.Protocol.TCP : SidecarSpan.Protocol.HTTP1;
    };
  }

  private static boolean isConnection(EntryFields entry) {
    return !isRequest(entry)
        && entry.requestMethod == 0
        && entry.texts[EntryFields.PATH] == Slice.EMPTY
        && entry.texts[EntryFields.REQUEST_ID] == Slice.EMPTY
        && !entry.hasResponseCode;
  }

  /** By type, and without one by the timings that a TCP proxy never fills. */
  private static boolean isRequest(EntryFields entry) {
    int type = entry.accessLogType;
    return type == NOT_SET
        ? entry.hasTime(EntryFields.LAST_RX) || entry.hasTime(EntryFields.LAST_DOWNSTREAM_TX)
        : type >= DOWNSTREAM_START && type <= DOWNSTREAM_TUNNEL_ESTABLISHED;
  }
}
