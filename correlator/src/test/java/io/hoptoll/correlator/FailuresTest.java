package io.hoptoll.correlator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.model.Cause;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Hop;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.Party;
import io.hoptoll.model.ResponseFlag;
import io.hoptoll.model.SidecarSpan;
import io.hoptoll.model.SidecarSpan.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Pairs of entries as a real Istio sent them, reduced to what tells the cause. */
class FailuresTest {
  private static final Edge EDGE = new Edge("a", "b");
  private static final Outcome PASSED_503 = outcome(503, "via_upstream");
  private final World.Truth t = World.steady("id");
  private final JoinCounters counters = new JoinCounters();

  @Test
  void anAnswerIsNoFailure() {
    assertNull(of(outcome(200, "via_upstream"), outcome(200, "via_upstream")));
    assertNull(of(outcome(404, "via_upstream"), outcome(404, "via_upstream")));
  }

  @Test
  void theAppsOwnError() {
    assertIs(Cause.APP_ERROR, Party.SERVER_APP, of(PASSED_503, PASSED_503));
  }

  @Test
  void anAppWithoutRoom() {
    Outcome passed429 = outcome(429, "via_upstream");
    assertIs(Cause.APP_ERROR, Party.SERVER_APP, of(passed429, passed429));
  }

  @Test
  void aPolicyBehindWhatTheClientCallsViaUpstream() {
    assertIs(
        Cause.SIDECAR_DENIED,
        Party.SERVER_SIDECAR,
        of(
            outcome(403, "via_upstream"),
            outcome(403, "rbac_access_denied_matched_policy[ns[demo]-policy[deny]-rule[0]]")));
  }

  @Test
  void anAppThatIsGoneOrClosed() {
    assertIs(
        Cause.APP_NOT_LISTENING,
        Party.SERVER_APP,
        of(
            PASSED_503,
            outcome(
                503,
                "upstream_reset_before_response_started{remote_connection_failure}",
                ResponseFlag.UF)));
    assertIs(
        Cause.APP_RESET,
        Party.SERVER_APP,
        of(
            PASSED_503,
            outcome(
                503,
                "upstream_reset_before_response_started{connection_termination}",
                ResponseFlag.UC)));
    assertIs(
        Cause.APP_RESET,
        Party.SERVER_APP,
        of(
            PASSED_503,
            outcome(
                503,
                "upstream_reset_before_response_started{remote_connection_failure|"
                    + "delayed_connect_error:_Connection_reset_by_peer}",
                ResponseFlag.UF)));
  }

  /** No certificate is wrong: the connection broke. */
  @Test
  void aResetWhileTheyShookHandsIsAReset() {
    long bits = ResponseFlag.UF.bit();
    String tls = "TLS_error:|33554536:system library:OPENSSL_internal:Connection reset by peer";
    assertIs(Cause.TRANSPORT_RESET, Party.TRANSPORT, of(new Outcome(0, "", bits, tls, 1), null));
    String bad = "TLS_error:|268435581:SSL routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED";
    Outcome refused = new Outcome(0, "", bits, bad, 1);
    assertIs(Cause.SIDECAR_TLS_HANDSHAKE, Party.CLIENT_SIDECAR, of(refused, null));
  }

  /** Whichever sidecar finds it: the bytes are the caller's. */
  @Test
  void headersThatAreTooLargeAreTheCallers() {
    String said = "http1.headers_too_large";
    Outcome refused = outcome(431, said, ResponseFlag.DPE);
    assertIs(Cause.CLIENT_HEADERS_TOO_LARGE, Party.CLIENT_APP, of(refused, null));
    Outcome passed = outcome(431, "via_upstream");
    assertIs(Cause.CLIENT_HEADERS_TOO_LARGE, Party.CLIENT_APP, of(passed, refused));
  }

  @Test
  void whoCouldNotBeReachedIsNamed() {
    String refused =
        "upstream_reset_before_response_started{remote_connection_failure|"
            + "delayed_connect_error:_Connection_refused}";
    Failure failure = of(outcome(503, refused, ResponseFlag.UF), null);
    assertNotNull(failure);
    String words = "status 503 UF to " + t.client().upstreamRemote() + ", upstream_reset";
    assertTrue(failure.said().startsWith(words), failure::said);
  }

  @Test
  void aServerEntryWithoutStatusIsTheClientsTimeout() {
    assertIs(
        Cause.SIDECAR_TIMEOUT_SET_TOO_LOW,
        Party.CLIENT_SIDECAR,
        of(
            outcome(504, "response_timeout", ResponseFlag.UT),
            outcome(0, "downstream_remote_disconnect", ResponseFlag.DC)));
  }

  /** Its listen queue is full: the kernel drops the SYN. */
  @Test
  void anAppThatDoesNotAccept() {
    String details = "upstream_reset_before_response_started{connection_timeout}";
    assertIs(
        Cause.APP_ACCEPT_QUEUE_FULL,
        Party.SERVER_APP,
        of(PASSED_503, outcome(503, details, ResponseFlag.UF)));
  }

  /** As a grpc-java server does at the time that grpc-timeout asks for, at the same moment. */
  @Test
  void aDeadlineThatTheServerKeptIsItsCallers() {
    Outcome ended =
        outcome(200, "upstream_reset_before_response_started{remote_reset}", ResponseFlag.UR);
    assertIs(Cause.APP_RESET, Party.SERVER_APP, of(outcome(200, "via_upstream"), ended)); // 5 ms
    lasting = 200 * Nanos.PER_MILLI;
    assertIs(Cause.CLIENT_ABORT, Party.CLIENT_APP, of(outcome(200, "via_upstream"), ended));
    Outcome cut =
        outcome(200, "upstream_reset_after_response_started{remote_reset}", ResponseFlag.UR);
    assertIs(Cause.APP_RESET, Party.SERVER_APP, of(outcome(200, "via_upstream"), cut));
    Outcome broken =
        outcome(503, "upstream_reset_before_response_started{remote_reset}", ResponseFlag.UR);
    assertIs(Cause.APP_RESET, Party.SERVER_APP, of(PASSED_503, broken));
  }

  @Test
  void aCallerThatGaveUp() {
    Outcome gone = outcome(0, "downstream_remote_disconnect", ResponseFlag.DC);
    assertIs(Cause.CLIENT_ABORT, Party.CLIENT_APP, of(gone, gone));
  }

  @Test
  void whatTheClientsSidecarAnswersAlone() {
    assertIs(
        Cause.SIDECAR_FILTER,
        Party.CLIENT_SIDECAR,
        of(outcome(418, "fault_filter_abort", ResponseFlag.FI), null));
    assertIs(
        Cause.SIDECAR_OVERFLOW,
        Party.CLIENT_SIDECAR,
        of(outcome(503, "upstream_overflow", ResponseFlag.UO), null));
    assertIs(
        Cause.SIDECAR_NO_HEALTHY_UPSTREAM,
        Party.CLIENT_SIDECAR,
        of(outcome(503, "no_healthy_upstream", ResponseFlag.UH), null));
    assertIs(
        Cause.SIDECAR_NO_ROUTE,
        Party.CLIENT_SIDECAR,
        of(outcome(404, "route_not_found", ResponseFlag.NR), null));
    assertIs(
        Cause.SIDECAR_NO_CLUSTER,
        Party.CLIENT_SIDECAR,
        of(outcome(503, "cluster_not_found", ResponseFlag.NC), null));
  }

  @Test
  void aWireThatDoesNotConnectOrResets() {
    assertIs(
        Cause.TRANSPORT_CONNECT,
        Party.TRANSPORT,
        of(
            outcome(
                503,
                "upstream_reset_before_response_started{connection_timeout}",
                ResponseFlag.UF,
                ResponseFlag.URX),
            null));
    assertIs(
        Cause.TRANSPORT_RESET,
        Party.TRANSPORT,
        of(
            outcome(
                503,
                "upstream_reset_before_response_started{connection_termination}",
                ResponseFlag.UC),
            null));
  }

  @Test
  void isToldOnceWhereItBegan() {
    PathNode root = new PathNode(hop(PASSED_503, PASSED_503));
    PathNode called = new PathNode(hop(outcome(503, "upstream_overflow", ResponseFlag.UO), null));
    root.add(called, PathNode.Link.REQUEST_ID);
    List<Failure> all = new ArrayList<>();
    Failures.of(root, all::add);

    assertEquals(List.of(Cause.SIDECAR_OVERFLOW), all.stream().map(Failure::cause).toList());
  }

  /** Where a retry made it good, the client's entry is a 200: the server's tells of the attempt. */
  @Test
  void anErrorThatARetryHid() {
    Outcome answered = outcome(200, "via_upstream");
    HalfHop client = with(Change.client(t), answered);
    HalfHop server = with(Change.server(t), answered);
    HalfHop earlier = with(Change.server(t), PASSED_503);
    List<Failure> all = new ArrayList<>();
    List<HalfHop> attempts = List.of(earlier);
    LedgerBuilder builder = new LedgerBuilder(counters);
    Hop hop = new Hop(client, server, attempts, builder.build(client, server, attempts));
    Failures.of(new PathNode(hop, EDGE), all::add);

    assertEquals(1, all.size());
    assertIs(Cause.APP_ERROR, Party.SERVER_APP, all.get(0));
    assertEquals("status 503, via_upstream, answered after a retry", all.get(0).said());
  }

  /** The retry found another server of the service, which did nothing wrong. */
  @Test
  void anErrorThatARetryHidIsOfTheServerThatMadeIt() {
    HalfHop client = with(Change.client(t), outcome(200, "via_upstream"));
    HalfHop server = with(Change.server(t), outcome(200, "via_upstream"));
    HalfHop failed = with(Change.server(t), PASSED_503);
    SidecarSpan other = Change.proxy(failed.span(), World.proxy("10.77.0.13", "reviews-v2"));
    List<HalfHop> attempts =
        List.of(Change.half(other, World.NODE, null, null, null, null, failed.pool()));
    LedgerBuilder builder = new LedgerBuilder(counters);
    Hop hop = new Hop(client, server, attempts, builder.build(client, server, attempts));
    List<Failure> all = new ArrayList<>();
    Failures.of(new PathNode(hop, EDGE), all::add);

    assertEquals(List.of("reviews-v2.default"), all.stream().map(f -> f.edge().server()).toList());
  }

  /** What the attempt's server could not reach is why it failed; a retry found another server. */
  @Test
  void anErrorThatARetryHidIsToldWhereItBegan() {
    assertEquals(List.of(Cause.TRANSPORT_CONNECT), retriedTo(outcome(200, "via_upstream")));
  }

  /** The server of the retry failed by itself: nothing that it called did. */
  @Test
  void theRetrysOwnErrorIsToldBesideThatOfTheAttempt() {
    assertEquals(
        List.of(Cause.TRANSPORT_CONNECT, Cause.APP_ERROR), retriedTo(outcome(500, "via_upstream")));
  }

  /** A first attempt whose server could not reach what it called; causes, as they are told. */
  private List<Cause> retriedTo(Outcome answered) {
    HalfHop client = with(Change.client(t), answered);
    HalfHop server = with(Change.server(t), answered);
    List<HalfHop> attempts = List.of(with(Change.server(t), PASSED_503));
    LedgerBuilder builder = new LedgerBuilder(counters);
    Hop hop = new Hop(client, server, attempts, builder.build(client, server, attempts));
    PathNode root = new PathNode(hop, EDGE);
    Outcome refused =
        outcome(
            503,
            "upstream_reset_before_response_started{remote_connection_failure}",
            ResponseFlag.UF,
            ResponseFlag.URX);
    root.add(new PathNode(hop(refused, null)), PathNode.Link.REQUEST_ID, attempts.get(0));
    List<Failure> all = new ArrayList<>();
    Failures.of(root, all::add);
    return all.stream().map(Failure::cause).toList();
  }

  private static void assertIs(Cause cause, Party party, @Nullable Failure failure) {
    assertNotNull(failure);
    assertEquals(cause, failure.cause());
    assertEquals(party, failure.party());
  }

  /** Of the entries to come, ns; 0: as they are. */
  private long lasting;

  private @Nullable Failure of(Outcome client, @Nullable Outcome server) {
    return Failures.of(hop(client, server), EDGE);
  }

  private Hop hop(Outcome client, @Nullable Outcome server) {
    HalfHop c = with(Change.client(t), client);
    HalfHop s = server == null ? null : with(Change.server(t), server);
    return new Hop(c, s, List.of(), new LedgerBuilder(counters).build(c, s, List.of()));
  }

  private HalfHop with(HalfHop half, Outcome outcome) {
    SidecarSpan span = Change.outcome(half.span(), outcome);
    if (lasting > 0) {
      SidecarSpan.Times all = new SidecarSpan.Times(0, 1, 1, 2, 2, lasting, lasting, lasting);
      span = Change.times(span, all);
    }
    return new HalfHop(
        span,
        half.node(),
        half.netns(),
        half.startNanos(),
        half.callingApp(),
        half.downstream(),
        half.upstream(),
        half.servingApp(),
        half.pool());
  }

  private static Outcome outcome(int code, String details, ResponseFlag... flags) {
    long bits = 0;
    for (ResponseFlag flag : flags) {
      bits |= flag.bit();
    }
    return new Outcome(code, details, bits, "", 1);
  }
}
