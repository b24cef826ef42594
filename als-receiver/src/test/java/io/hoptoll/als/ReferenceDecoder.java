package io.hoptoll.als;

import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.RequestMethod;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.data.accesslog.v3.AccessLogCommon;
import io.envoyproxy.envoy.data.accesslog.v3.HTTPAccessLogEntry;
import io.envoyproxy.envoy.data.accesslog.v3.HTTPRequestProperties;
import io.envoyproxy.envoy.data.accesslog.v3.HTTPResponseProperties;
import io.envoyproxy.envoy.data.accesslog.v3.TCPAccessLogEntry;
import io.envoyproxy.envoy.data.accesslog.v3.TLSProperties;
import io.hoptoll.model.Endpoint;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.Proxy;
import io.hoptoll.model.SidecarSpan;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the decoder is held against: entries parsed by the generated classes, as spans. Absent
 * differs from zero: durations by {@code has...}, numbers by what proto3 leaves. Bodies are not
 * used, so the swapped body counts of UpstreamEnd entries do no harm. One thread at a time.
 */
final class ReferenceDecoder {
  private static final String ATTEMPT_HEADER = "x-envoy-attempt-count";

  private final Proxy proxy;
  private final String logName;
  private final Consumer<Malformed> refused;

  /**
   * @param refused told the reason whenever an entry gives no span
   */
  ReferenceDecoder(Proxy proxy, String logName, Consumer<Malformed> refused) {
    this.proxy = proxy;
    this.logName = logName;
    this.refused = refused;
  }

  /** One entry of the HTTP logger: a request, or (Istio) a bare connection. Null if unusable. */
  @Nullable SidecarSpan decode(HTTPAccessLogEntry entry) {
    AccessLogCommon common = entry.getCommonProperties();
    SidecarSpan.Kind kind = usableKind(common);
    if (kind == null) {
      return null;
    }
    return new SidecarSpan(
        proxy,
        logName,
        kind,
        ReferenceEntryType.protocol(entry),
        ReferenceTime.nanos(true, common.getStartTime()),
        times(common),
        addresses(common),
        request(common, entry.getRequest(), entry.getResponse()),
        outcome(common, entry.getResponse()),
        wireBytes(common, Nanos.UNSET, Nanos.UNSET));
  }

  /** One entry of the TCP logger: a connection, or a request logged without HTTP's properties. */
  @Nullable SidecarSpan decode(TCPAccessLogEntry entry) {
    AccessLogCommon common = entry.getCommonProperties();
    SidecarSpan.Kind kind = usableKind(common);
    if (kind == null) {
      return null;
    }
    boolean counted = entry.hasConnectionProperties();
    return new SidecarSpan(
        proxy,
        logName,
        kind,
        ReferenceEntryType.protocolOfTcpLog(common),
        ReferenceTime.nanos(true, common.getStartTime()),
        times(common),
        addresses(common),
        request(
            common,
            HTTPRequestProperties.getDefaultInstance(),
            HTTPResponseProperties.getDefaultInstance()),
        outcome(common, HTTPResponseProperties.getDefaultInstance()),
        wireBytes(
            common,
            counted ? entry.getConnectionProperties().getReceivedBytes() : Nanos.UNSET,
            counted ? entry.getConnectionProperties().getSentBytes() : Nanos.UNSET));
  }

  private SidecarSpan.@Nullable Kind usableKind(AccessLogCommon common) {
    if (!Nanos.isSet(ReferenceTime.nanos(common.hasStartTime(), common.getStartTime()))) {
      refused.accept(Malformed.ENTRY_WITHOUT_START);
      return null;
    }
    SidecarSpan.Kind kind = ReferenceEntryType.kind(common);
    if (kind == null) {
      refused.accept(Malformed.ENTRY_UNSUPPORTED);
    }
    return kind;
  }

  private static SidecarSpan.Times times(AccessLogCommon c) {
    return new SidecarSpan.Times(
        ReferenceTime.nanos(c.hasTimeToLastRxByte(), c.getTimeToLastRxByte()),
        ReferenceTime.nanos(c.hasTimeToFirstUpstreamTxByte(), c.getTimeToFirstUpstreamTxByte()),
        ReferenceTime.nanos(c.hasTimeToLastUpstreamTxByte(), c.getTimeToLastUpstreamTxByte()),
        ReferenceTime.nanos(c.hasTimeToFirstUpstreamRxByte(), c.getTimeToFirstUpstreamRxByte()),
        ReferenceTime.nanos(c.hasTimeToLastUpstreamRxByte(), c.getTimeToLastUpstreamRxByte()),
        ReferenceTime.nanos(c.hasTimeToFirstDownstreamTxByte(), c.getTimeToFirstDownstreamTxByte()),
        ReferenceTime.nanos(c.hasTimeToLastDownstreamTxByte(), c.getTimeToLastDownstreamTxByte()),
        ReferenceTime.nanos(c.hasDuration(), c.getDuration()));
  }

  private static SidecarSpan.Addresses addresses(AccessLogCommon c) {
    return new SidecarSpan.Addresses(
        endpoint(c.hasDownstreamDirectRemoteAddress(), c.getDownstreamDirectRemoteAddress()),
        endpoint(c.hasDownstreamRemoteAddress(), c.getDownstreamRemoteAddress()),
        endpoint(c.hasDownstreamLocalAddress(), c.getDownstreamLocalAddress()),
        endpoint(c.hasUpstreamLocalAddress(), c.getUpstreamLocalAddress()),
        endpoint(c.hasUpstreamRemoteAddress(), c.getUpstreamRemoteAddress()));
  }

  private static Endpoint endpoint(boolean present, Address address) {
    if (!present || !address.hasSocketAddress()) {
      return Endpoint.NONE;
    }
    SocketAddress socket = address.getSocketAddress();
    int port = socket.getPortValue();
    return port < 0 || port > 65_535
        ? Endpoint.NONE
        : AddressDecoder.literal(socket.getAddress(), port);
  }

  private SidecarSpan.Request request(
      AccessLogCommon common, HTTPRequestProperties request, HTTPResponseProperties response) {
    Map<String, String> headers = request.getRequestHeadersMap();
    return new SidecarSpan.Request(
        request.getRequestId(),
        common.getStreamId(),
        TraceHeaders.traceparent(
            headers.getOrDefault("traceparent", ""),
            headers.getOrDefault("b3", ""),
            headers.getOrDefault("x-b3-traceid", ""),
            headers.getOrDefault("x-b3-spanid", ""),
            headers.getOrDefault("x-b3-sampled", "")),
        method(request.getRequestMethod()),
        (request.getAuthority()),
        (path(common, request)),
        (common.getRouteName()),
        (common.getUpstreamCluster()),
        (peerSan(common)),
        number(headers.get(ATTEMPT_HEADER), 0),
        grpcStatus(response));
  }

  private static String path(AccessLogCommon common, HTTPRequestProperties request) {
    String cluster = common.getUpstreamCluster();
    boolean isServers = cluster.startsWith("inbound") || cluster.startsWith("Inbound");
    return isServers || request.getOriginalPath().isEmpty()
        ? request.getPath()
        : request.getOriginalPath();
  }

  private static String method(RequestMethod method) {
    return switch (method) {
      case METHOD_UNSPECIFIED, UNRECOGNIZED -> "";
      default -> method.name();
    };
  }

  private static String peerSan(AccessLogCommon common) {
    List<TLSProperties.CertificateProperties.SubjectAltName> names =
        common.getTlsProperties().getPeerCertificateProperties().getSubjectAltNameList();
    for (TLSProperties.CertificateProperties.SubjectAltName name : names) {
      String text = name.getUri().isEmpty() ? name.getDns() : name.getUri();
      if (!text.isEmpty()) {
        return text;
      }
    }
    return "";
  }

  /** In trailers, or in headers where a response has nothing but trailers. */
  private static int grpcStatus(HTTPResponseProperties response) {
    int inHeaders = number(response.getResponseHeadersMap().get("grpc-status"), -1);
    return number(response.getResponseTrailersMap().get("grpc-status"), inHeaders);
  }

  private SidecarSpan.Outcome outcome(AccessLogCommon common, HTTPResponseProperties response) {
    String upstreamReason = common.getUpstreamTransportFailureReason();
    String details = response.getResponseCodeDetails();
    return new SidecarSpan.Outcome(
        response.getResponseCode().getValue(),
        (details.isEmpty() ? common.getConnectionTerminationDetails() : details),
        ReferenceFlags.decode(common.hasResponseFlags(), common.getResponseFlags()),
        (upstreamReason.isEmpty() ? common.getDownstreamTransportFailureReason() : upstreamReason),
        common.getUpstreamRequestAttemptCount());
  }

  /**
   * Envoys before 1.26 have no wire bytes, and the proto cannot tell absent from 0: four zeros are
   * taken as absent, and the TCP logger's own counts then stand in.
   */
  private static SidecarSpan.WireBytes wireBytes(
      AccessLogCommon c, long connectionReceived, long connectionSent) {
    long any =
        c.getDownstreamWireBytesReceived()
            | c.getDownstreamWireBytesSent()
            | c.getUpstreamWireBytesReceived()
            | c.getUpstreamWireBytesSent();
    if (any == 0) {
      return new SidecarSpan.WireBytes(
          connectionReceived, connectionSent, Nanos.UNSET, Nanos.UNSET);
    }
    return new SidecarSpan.WireBytes(
        c.getDownstreamWireBytesReceived(),
        c.getDownstreamWireBytesSent(),
        c.getUpstreamWireBytesReceived(),
        c.getUpstreamWireBytesSent());
  }

  /** A header's small decimal number; {@code otherwise} where absent or no such number. */
  private static int number(@Nullable String header, int otherwise) {
    if (header == null || header.isEmpty() || header.length() > 9) {
      return otherwise;
    }
    int value = 0;
    for (int i = 0; i < header.length(); i++) {
      int digit = header.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return otherwise;
      }
      value = value * 10 + digit;
    }
    return value;
  }
}
