package io.hoptoll.als;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.data.accesslog.v3.AccessLogCommon;
import io.envoyproxy.envoy.data.accesslog.v3.ConnectionProperties;
import io.envoyproxy.envoy.data.accesslog.v3.HTTPAccessLogEntry;
import io.envoyproxy.envoy.data.accesslog.v3.HTTPRequestProperties;
import io.envoyproxy.envoy.data.accesslog.v3.HTTPResponseProperties;
import io.envoyproxy.envoy.data.accesslog.v3.TCPAccessLogEntry;
import io.hoptoll.model.Endpoint;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.ResponseFlag;
import io.hoptoll.model.SidecarSpan;
import io.hoptoll.model.SidecarSpan.Kind;
import io.hoptoll.model.SidecarSpan.Protocol;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What each recorded case of a real Envoy becomes. */
class MessageDecoderTest {
  private static final Endpoint VIP = Endpoint.parse("10.96.0.12", 9080);
  private static final Endpoint SERVER = Endpoint.parse("10.77.0.12", 9080);
  private static final long UNSET = Nanos.UNSET;

  @Test
  void requestOverMutualTlsAsTheClientSidecarSawIt() {
    SidecarSpan span = RecordedEntries.spans("http-mtls").get(0);
    assertEquals(Kind.END, span.kind());
    assertEquals(Protocol.HTTP1, span.protocol());
    assertEquals("http_envoy_accesslog", span.logName());
    assertEquals("client", span.proxy().pod());
    Endpoint app = span.downstreamDirectRemote();
    assertEquals("10.77.0.11", app.ip());
    assertEquals(app, span.downstreamRemote());
    assertEquals(VIP, span.downstreamLocal());
    assertEquals(SERVER, span.upstreamRemote());
    assertEquals("10.77.0.11", span.upstreamLocal().ip());
    assertEquals(
        "outbound|9080||productpage.default.svc.cluster.local", span.request().upstreamCluster());
    assertFalse(span.isInbound());
    assertEquals("", span.request().peerSan());
    assertEquals("GET", span.request().method());
    assertEquals("productpage:9080", span.request().authority());
    assertEquals("default", span.request().routeName());
    assertEquals(1, span.request().attempt());
    assertEquals(-1, span.request().grpcStatus());
    assertEquals(new SidecarSpan.Outcome(200, "via_upstream", 0, "", 1), span.outcome());
  }

  @Test
  void bothSidecarsNameTheSameConnectionAndRequest() {
    List<SidecarSpan> spans = RecordedEntries.spans("http-mtls");
    SidecarSpan client = spans.get(0);
    SidecarSpan server = spans.get(1);
    assertEquals(client.upstreamLocal(), server.downstreamDirectRemote());
    assertEquals(client.upstreamRemote(), server.downstreamLocal());
    assertEquals(client.requestId(), server.requestId());
    assertEquals(client.requestId(), client.request().streamId());
    assertTrue(server.isInbound());
    assertEquals("127.0.0.6", server.upstreamLocal().ip());
    assertEquals("spiffe://cluster.local/ns/default/sa/client", server.request().peerSan());
    assertTrue(server.times().durationNanos() < client.times().durationNanos());
  }

  @Test
  void timesAreNanosecondsIncludingTheSeconds() {
    SidecarSpan span = RecordedEntries.spans("connect-timeout").get(0);
    Instant start = Instant.parse("2026-11-23T01:31:20.951094Z");
    assertEquals(
        start.getEpochSecond() * Nanos.PER_SECOND + start.getNano(), span.startWallNanos());
    assertEquals(
        new SidecarSpan.Times(
            53_519, UNSET, UNSET, UNSET, UNSET, 1_000_985_768, 1_001_014_882, 1_001_025_427),
        span.times());
    assertTrue(span.outcome().has(ResponseFlag.UF));
    assertEquals(ResponseFlag.UF.bit(), span.outcome().flags());
    assertEquals(
        "upstream_reset_before_response_started{connection_timeout}", span.outcome().details());
    assertEquals(Endpoint.NONE, span.upstreamLocal());
    assertEquals(new SidecarSpan.WireBytes(87, 225, 0, 0), span.bytes());
  }

  @Test
  void appNotListeningGivesTheTransportsReason() {
    List<SidecarSpan> spans = RecordedEntries.spans("app-down");
    assertEquals(new SidecarSpan.Outcome(503, "via_upstream", 0, "", 1), spans.get(0).outcome());
    assertEquals(
        "delayed connect error: Connection refused", spans.get(1).outcome().failureReason());
    assertTrue(spans.get(1).outcome().has(ResponseFlag.UF));
  }

  @Test
  void timeoutAtTheClientIsADisconnectWithoutCodeAtTheServer() {
    List<SidecarSpan> spans = RecordedEntries.spans("timeout");
    assertEquals(504, spans.get(0).outcome().code());
    assertTrue(spans.get(0).outcome().has(ResponseFlag.UT));
    assertEquals(0, spans.get(1).outcome().code());
    assertTrue(spans.get(1).outcome().has(ResponseFlag.DC));
  }

  @Test
  void clientThatWentAwayLeavesNoDownstreamTx() {
    SidecarSpan span = RecordedEntries.spans("client-abort").get(0);
    assertEquals(0, span.outcome().code());
    assertEquals("downstream_remote_disconnect", span.outcome().details());
    assertEquals(UNSET, span.times().firstUpstreamRxNanos());
    assertEquals(UNSET, span.times().lastDownstreamTxNanos());
    assertEquals(298_682_792, span.times().durationNanos());
  }

  @Test
  void overflowOfAPoolIsLocal() {
    SidecarSpan span = RecordedEntries.spans("overflow").get(0);
    assertTrue(span.outcome().has(ResponseFlag.UO));
    assertEquals(Endpoint.NONE, span.upstreamLocal());
    assertEquals(UNSET, span.times().firstUpstreamTxNanos());
  }

  @Test
  void everyAttemptOfTheRouterIsASpanOfItsOwn() {
    List<SidecarSpan> spans = RecordedEntries.spans("upstream-log");
    List<SidecarSpan> attempts = spans.stream().filter(s -> s.kind() == Kind.ATTEMPT).toList();
    assertEquals(List.of(1, 2, 3), attempts.stream().map(s -> s.request().attempt()).toList());
    assertEquals(3, attempts.stream().map(s -> s.startWallNanos()).distinct().count());
    assertTrue(attempts.stream().allMatch(s -> s.request().streamId().isEmpty()));
    SidecarSpan whole = spans.get(0);
    assertEquals(Kind.END, whole.kind());
    assertEquals(3, whole.outcome().attempts());
    assertTrue(whole.outcome().has(ResponseFlag.URX));
    assertEquals(attempts.get(2).upstreamLocal(), whole.upstreamLocal());
  }

  @Test
  void http2IsNamedBySideThatSpeaksIt() {
    List<SidecarSpan> spans = RecordedEntries.spans("http2-upstream");
    assertEquals(Protocol.HTTP1, spans.get(0).protocol());
    assertEquals(Protocol.HTTP2, spans.get(1).protocol());
  }

  @Test
  void tcpConnectionHasStartPeriodAndEnd() {
    List<SidecarSpan> spans = RecordedEntries.spans("tcp-intermediate").subList(0, 3);
    assertEquals(
        List.of(Kind.START, Kind.PERIODIC, Kind.END), spans.stream().map(s -> s.kind()).toList());
    for (SidecarSpan span : spans) {
      assertEquals(Protocol.TCP, span.protocol());
      assertEquals("80efc5a6-225b-41c0-a095-343cf6fad0b7", span.request().streamId());
      assertEquals(UNSET, span.times().lastRxNanos());
      assertEquals(Endpoint.parse("10.77.0.12", 9090), span.upstreamRemote());
    }
    assertEquals(UNSET, spans.get(1).times().durationNanos());
    assertEquals(305_252_169, spans.get(2).times().durationNanos());
    assertEquals(new SidecarSpan.WireBytes(510, 510, 510, 510), spans.get(2).bytes());
  }

  @Test
  void entryWithoutTypeIsTheWholeAndItsDownstreamFailureIsKept() {
    SidecarSpan span = RecordedEntries.spans("no-client-certificate").get(0);
    assertEquals(Kind.END, span.kind());
    assertEquals(Protocol.TCP, span.protocol());
    assertTrue(span.outcome().failureReason().contains("PEER_DID_NOT_RETURN_A_CERTIFICATE"));
    assertEquals(0, span.outcome().attempts());
  }

  @Test
  void connectionThatIstioLogsThroughTheHttpLoggerIsTcp() {
    HTTPAccessLogEntry typed =
        HTTPAccessLogEntry.newBuilder()
            .setCommonProperties(common().setAccessLogTypeValue(3))
            .build();
    assertEquals(Protocol.TCP, decode(typed).protocol());
    HTTPAccessLogEntry fromAnOldEnvoy =
        HTTPAccessLogEntry.newBuilder().setCommonProperties(common()).build();
    assertEquals(Protocol.TCP, decode(fromAnOldEnvoy).protocol());
    assertEquals(Kind.END, decode(fromAnOldEnvoy).kind());
  }

  @Test
  void requestThatNeverBecameOneStaysHttp() {
    HTTPAccessLogEntry half =
        HTTPAccessLogEntry.newBuilder()
            .setCommonProperties(common().setAccessLogTypeValue(6))
            .build();
    assertEquals(Protocol.HTTP1, decode(half).protocol());
  }

  @Test
  void requestThatTheTcpLoggerReportsIsNoConnection() {
    TCPAccessLogEntry typed =
        TCPAccessLogEntry.newBuilder()
            .setCommonProperties(common().setAccessLogTypeValue(6))
            .build();
    assertEquals(Protocol.HTTP1, decode(typed).protocol());
    TCPAccessLogEntry untyped =
        TCPAccessLogEntry.newBuilder()
            .setCommonProperties(common().setTimeToLastRxByte(Duration.getDefaultInstance()))
            .build();
    SidecarSpan span = decode(untyped);
    assertEquals(Protocol.HTTP1, span.protocol());
    assertEquals(0, span.times().lastRxNanos(), "a duration of zero is set");
    assertEquals(UNSET, span.times().firstUpstreamTxNanos());
  }

  @Test
  void typesNewerThanTheProtoAndIntermediateEntriesOfOldEnvoys() {
    assertEquals(Kind.START, decode(typed(14)).kind());
    assertEquals(Kind.START, decode(typed(10)).kind());
    assertEquals(Kind.START, decode(typed(7)).kind());
    assertEquals(Kind.PERIODIC, decode(typed(8)).kind());
    HTTPAccessLogEntry intermediate =
        HTTPAccessLogEntry.newBuilder()
            .setCommonProperties(common().setIntermediateLogEntry(true))
            .build();
    assertEquals(Kind.PERIODIC, decode(intermediate).kind());
  }

  @Test
  void unusableEntriesGiveAReasonEach() {
    List<Malformed> reasons = new ArrayList<>();
    EntryDecoder decoder = decoder(reasons);
    assertNull(decoder.decode(HTTPAccessLogEntry.getDefaultInstance()));
    assertNull(decoder.decode(TCPAccessLogEntry.getDefaultInstance()));
    assertNull(decoder.decode(typed(13)), "UDP session");
    assertNull(decoder.decode(typed(99)), "unknown");
    AccessLogCommon.Builder beyond =
        AccessLogCommon.newBuilder()
            .setStartTime(Timestamp.newBuilder().setSeconds(Long.MAX_VALUE));
    assertNull(decoder.decode(HTTPAccessLogEntry.newBuilder().setCommonProperties(beyond).build()));
    assertEquals(
        List.of(
            Malformed.ENTRY_WITHOUT_START,
            Malformed.ENTRY_WITHOUT_START,
            Malformed.ENTRY_UNSUPPORTED,
            Malformed.ENTRY_UNSUPPORTED,
            Malformed.ENTRY_WITHOUT_START),
        reasons);
  }

  @Test
  void headersAskedForAreRead() {
    HTTPAccessLogEntry entry =
        HTTPAccessLogEntry.newBuilder()
            .setCommonProperties(common().setAccessLogTypeValue(6))
            .setRequest(
                HTTPRequestProperties.newBuilder()
                    .putRequestHeaders("x-envoy-attempt-count", "3")
                    .putRequestHeaders("traceparent", "00-0af7-b7ad-01"))
            .setResponse(
                HTTPResponseProperties.newBuilder()
                    .putResponseHeaders("grpc-status", "5")
                    .putResponseTrailers("grpc-status", "0"))
            .build();
    SidecarSpan.Request request = decode(entry).request();
    assertEquals(3, request.attempt());
    assertEquals("00-0af7-b7ad-01", request.traceparent());
    assertEquals(0, request.grpcStatus(), "trailers before headers");
    HTTPAccessLogEntry trailersOnly =
        entry.toBuilder()
            .setResponse(entry.getResponse().toBuilder().clearResponseTrailers())
            .build();
    assertEquals(5, decode(trailersOnly).request().grpcStatus());
    HTTPAccessLogEntry nonsense =
        entry.toBuilder()
            .setRequest(
                HTTPRequestProperties.newBuilder().putRequestHeaders("x-envoy-attempt-count", "-1"))
            .build();
    assertEquals(0, decode(nonsense).request().attempt());
  }

  @Test
  void bytesOfAnEnvoyWithoutWireBytesComeFromTheConnection() {
    TCPAccessLogEntry old =
        TCPAccessLogEntry.newBuilder()
            .setCommonProperties(common())
            .setConnectionProperties(
                ConnectionProperties.newBuilder().setReceivedBytes(7).setSentBytes(11))
            .build();
    assertEquals(new SidecarSpan.WireBytes(7, 11, UNSET, UNSET), decode(old).bytes());
    assertEquals(new SidecarSpan.WireBytes(UNSET, UNSET, UNSET, UNSET), decode(typed(6)).bytes());
  }

  @Test
  void namesOfOneStreamAreShared() {
    EntryDecoder decoder = decoder(new ArrayList<>());
    String cluster = "outbound|9080||reviews.default.svc.cluster.local";
    SidecarSpan first = requireNonNull(decoder.decode(withCluster(new String(cluster))));
    SidecarSpan second = requireNonNull(decoder.decode(withCluster(new String(cluster))));
    assertSame(first.request().upstreamCluster(), second.request().upstreamCluster());
  }

  @SuppressWarnings("StringCopy") // two equal strings that are not one object are the point
  private static HTTPAccessLogEntry withCluster(String cluster) {
    return HTTPAccessLogEntry.newBuilder()
        .setCommonProperties(common().setUpstreamCluster(cluster))
        .build();
  }

  private static HTTPAccessLogEntry typed(int type) {
    return HTTPAccessLogEntry.newBuilder()
        .setCommonProperties(common().setAccessLogTypeValue(type))
        .build();
  }

  private static AccessLogCommon.Builder common() {
    return AccessLogCommon.newBuilder()
        .setStartTime(Timestamp.newBuilder().setSeconds(1_795_400_000));
  }

  private static SidecarSpan decode(HTTPAccessLogEntry entry) {
    return requireNonNull(decoder(new ArrayList<>()).decode(entry), entry.toString());
  }

  private static SidecarSpan decode(TCPAccessLogEntry entry) {
    return requireNonNull(decoder(new ArrayList<>()).decode(entry), entry.toString());
  }

  private static EntryDecoder decoder(List<Malformed> reasons) {
    return new EntryDecoder(
        ProxyIdentity.decode(Node.newBuilder().setId("plain").build(), "unix"),
        "log",
        reasons::add);
  }
}
