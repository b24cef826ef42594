package io.hoptoll.correlator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.hoptoll.correlator.JoinCounters.Count;
import io.hoptoll.model.Endpoint;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Hop;
import io.hoptoll.model.SidecarSpan;
import io.hoptoll.model.UpstreamPool;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HopJoinTest {
  private final World.Truth t = World.steady("same-id");
  private final JoinCounters counters = new JoinCounters();
  private final List<Hop> hops = new ArrayList<>();
  private final List<SidecarSpan> late = new ArrayList<>();
  private final HopJoin join =
      new HopJoin(
          new LedgerBuilder(counters), counters, (hop, at) -> hops.add(hop), this.late::add);

  @Test
  void pairsOnTheConnectionWhicheverComesFirst() {
    join.half(Change.server(t), 0);
    join.half(Change.client(t), 1);

    assertEquals(1, hops.size());
    assertSame(t.server(), span(hops.get(0).server()));
    assertEquals(1, counters.get(Count.HOPS_FULL));
  }

  @Test
  void whatIsJoinedHoldsNoPlaceBehindWhatWaits() {
    join.half(server(60_001, 0), 0);
    join.half(Change.server(t), 0);
    join.half(Change.client(t), 0);

    assertEquals(1, hops.size());
    assertEquals(1, join.waiting());
  }

  @Test
  void neverByTheRequestIdAlone() {
    join.half(Change.client(t), 0);
    join.half(server(60_001, 0), 0);
    join.tick(Limits.HALF_WAIT_NANOS);

    assertEquals(2, hops.size());
    assertEquals(1, counters.get(Count.SERVER_WITHOUT_CLIENT));
    assertEquals(1, counters.get(Count.CLIENT_WITHOUT_SERVER));
    assertEquals(2, counters.get(Count.HOPS_HALF));
  }

  /**
   * The answer was lost on its way: its sidecar was done at once, the caller's is seconds later.
   */
  @Test
  void aServersHalfWaitsLongerForACallerThatLogs() {
    join.span(t.client(), 0);
    join.half(Change.server(t), 0);
    join.tick(Limits.HALF_WAIT_NANOS);
    assertEquals(List.of(t.server()), late);
    join.half(Change.client(t), 2 * Limits.HALF_WAIT_NANOS);

    assertEquals(1, hops.size());
    assertEquals(1, counters.get(Count.HOPS_FULL));
  }

  /** Its stream broke, or its pod is gone: nothing will tell of the call. */
  @Test
  void aCallerThatHasLoggedNothingLatelyIsNotWaitedFor() {
    join.span(t.client(), 0);
    long later = Limits.CALLER_SILENCE_NANOS;
    join.half(Change.server(t), later);
    join.tick(later + Limits.HALF_WAIT_NANOS);
    assertEquals(1, counters.get(Count.SERVER_WITHOUT_CLIENT));
  }

  @Test
  void aCallerThatGoesOnLoggingIsWaitedForWhoeverElseIsSilent() {
    long later = 3 * Limits.CALLER_SILENCE_NANOS;
    for (long at = 0; at <= later; at += Limits.CALLER_SILENCE_NANOS / 4) {
      join.span(t.client(), at); // of one proxy, and of no other meanwhile
    }
    join.half(Change.server(t), later);
    join.tick(later + Limits.HALF_WAIT_NANOS);
    assertEquals(List.of(t.server()), late);
  }

  @Test
  void noServersHalfWaitsForever() {
    join.span(t.client(), 0);
    join.half(Change.server(t), 0);
    join.tick(Limits.HALF_WAIT_NANOS);
    assertEquals(0, hops.size());
    join.tick(Limits.CALLER_WAIT_NANOS);

    assertEquals(1, counters.get(Count.SERVER_WITHOUT_CLIENT));
    assertEquals(0, join.waiting());
  }

  @Test
  void aServerThatBeganBeforeTheRequestWasSentIsAnothers() {
    HalfHop early = Change.node(Change.server(t), World.NODE, -200_000);
    join.half(early, 0);
    join.half(Change.client(t), 0);
    assertEquals(0, hops.size());

    join.half(Change.server(t), 1);
    assertSame(t.server(), span(hops.get(0).server()));
    assertEquals(t.e4(), down(hops.get(0).server()));
  }

  @Test
  void earlierAttemptsOfARetriedRequestAreAttachedInOrder() {
    HalfHop second = attempt(60_002, 5_000);
    HalfHop first = attempt(60_001, 9_000);
    join.half(second, 0);
    join.half(first, 0);
    join.half(Change.server(t), 0);
    join.half(retried(0), 0);
    assertEquals(0, hops.size(), "it waits for attempts");
    join.tick(Limits.ATTEMPT_WAIT_NANOS);

    assertEquals(1, hops.size());
    assertEquals(List.of(first, second), hops.get(0).attempts());
    assertEquals(2, counters.get(Count.ATTEMPTS_ATTACHED));
    join.tick(Limits.HALF_WAIT_NANOS);
    assertEquals(1, hops.size(), "an attempt is no hop of its own");
  }

  @Test
  void anAttemptThatTwoRetriedRequestsMayOwnIsNobodys() {
    HalfHop one = retried(0);
    HalfHop other = retried(60_005);
    join.span(one.span(), 0);
    join.span(other.span(), 0);
    join.half(attempt(60_001, 5_000), 0);
    join.half(Change.server(t), 0);
    join.half(one, 0);
    join.half(server(60_005, 0), 0);
    join.half(other, 0);
    join.tick(Limits.ATTEMPT_WAIT_NANOS);

    assertEquals(2, hops.size());
    assertEquals(List.of(), hops.get(0).attempts());
    assertEquals(List.of(), hops.get(1).attempts());
    assertEquals(1, counters.get(Count.ATTEMPTS_AMBIGUOUS));
  }

  /** It made two attempts before its last: one of three is another request's, not yet told of. */
  @Test
  void moreAttemptsThanWereMadeAreNobodys() {
    join.half(attempt(60_001, 5_000), 0);
    join.half(attempt(60_002, 6_000), 0);
    join.half(attempt(60_003, 7_000), 0);
    join.half(Change.server(t), 0);
    join.half(retried(0), 0);
    join.tick(Limits.ATTEMPT_WAIT_NANOS);

    assertEquals(List.of(), hops.get(0).attempts());
    assertEquals(3, counters.get(Count.ATTEMPTS_AMBIGUOUS));
  }

  @Test
  void anEntryOutsideTheRetriedRequestIsNoAttemptOfIt() {
    join.half(server(60_001, -3_000_000_000L), 0);
    join.half(Change.server(t), 0);
    join.half(retried(0), 0);
    join.tick(Limits.HALF_WAIT_NANOS);

    assertEquals(2, hops.size());
    assertEquals(List.of(), hops.get(0).attempts());
    assertNull(hops.get(1).client());
  }

  /** Its bytes were looked for in the wrong burst: the id, alone on its connection, tells. */
  @Test
  void aStreamAloneWithItsIdIsPairedWhateverItsBurst() {
    join.half(stream(Change.server(t), 7_000), 0);
    join.half(stream(Change.client(t), 1_000), 0);
    join.tick(Limits.STREAM_WAIT_NANOS);

    assertEquals(1, hops.size());
    assertEquals(1, counters.get(Count.HOPS_FULL));
    assertEquals(0, counters.get(Count.STREAMS_AMBIGUOUS));
  }

  /** Inside TLS, a turn of the client's may begin with an acknowledgement of settings. */
  @Test
  void aClientThatDidNotKnowOfStreamsIsPairedByItsOwnInstants() {
    HalfHop client = Change.client(t);
    Exchange up = Objects.requireNonNull(client.upstream());
    Exchange.Marks m = up.marks();
    long late = Change.server(t).startNanos() + 500_000;
    Exchange.Marks later =
        new Exchange.Marks(
            m.readyFirstNanos(),
            m.readyLastNanos(),
            m.readFirstNanos(),
            m.readLastNanos(),
            late,
            late);
    join.half(
        Change.half(
            client.span(),
            client.node(),
            client.callingApp(),
            client.downstream(),
            Change.marks(up, later),
            client.servingApp(),
            client.pool()),
        0);
    HalfHop server = Change.server(t);
    join.half(
        Change.half(
            Change.protocol(server.span(), SidecarSpan.Protocol.HTTP2),
            server.node(),
            server.callingApp(),
            server.downstream(),
            server.upstream(),
            server.servingApp(),
            server.pool()),
        0);
    join.tick(Limits.STREAM_WAIT_NANOS);

    assertEquals(1, hops.size());
    assertEquals(1, counters.get(Count.HOPS_FULL));
  }

  @Test
  void streamsThatShareAnIdAreNotPairedByIt() {
    join.half(stream(Change.server(t), 7_000), 0);
    join.half(stream(Change.server(t), 9_000), 0);
    join.half(stream(Change.client(t), 1_000), 0);
    join.tick(Limits.HALF_WAIT_NANOS);

    assertEquals(3, hops.size());
    assertEquals(3, counters.get(Count.HOPS_HALF));
  }

  /** One of many on an HTTP/2 connection, whose first byte has the given sequence number. */
  private static HalfHop stream(HalfHop h, int seq) {
    SidecarSpan span = Change.protocol(h.span(), SidecarSpan.Protocol.HTTP2);
    return Change.half(
        span,
        h.node(),
        h.callingApp(),
        shared(h.downstream(), seq),
        shared(h.upstream(), seq),
        h.servingApp(),
        h.pool());
  }

  private static @Nullable Exchange shared(@Nullable Exchange e, int seq) {
    return e == null
        ? null
        : Change.place(
            Change.flags(e, e.flags() | Exchange.SHARED), e.node(), e.netns(), e.socketId(), seq);
  }

  @Test
  void proxiesThatShareANamespacePairByTheConnectionBetweenThem() {
    HalfHop front = bothApps(Change.client(t), "front");
    HalfHop back = bothApps(Change.server(t), "back");

    join.half(back, 0);
    join.half(front, 0);

    assertEquals(1, hops.size());
    assertSame(front, hops.get(0).client());
    assertSame(back, hops.get(0).server());
  }

  /**
   * As where a proxy's peers live in its own namespace, under cluster names that are not Istio's.
   */
  private HalfHop bothApps(HalfHop half, String cluster) {
    SidecarSpan span = Change.cluster(half.span(), cluster);
    return Change.half(
        span, World.NODE, t.e1(), half.downstream(), half.upstream(), t.e6(), UpstreamPool.UNKNOWN);
  }

  private static @Nullable SidecarSpan span(@Nullable HalfHop half) {
    return half == null ? null : half.span();
  }

  private static @Nullable Exchange down(@Nullable HalfHop half) {
    return half == null ? null : half.downstream();
  }

  /** A server entry that began so long before the request was sent for the last time. */
  private HalfHop attempt(int port, long beforeNanos) {
    return server(
        port, t.e3().marks().sendFirstNanos() - beforeNanos - Change.server(t).startNanos());
  }

  /** A server entry on another connection of the same client pod. */
  private HalfHop server(int port, long laterNanos) {
    HalfHop s = Change.server(t);
    SidecarSpan.Addresses a = s.span().addresses();
    Endpoint peer = Endpoint.parse("10.77.0.11", port);
    SidecarSpan span =
        Change.addresses(
            s.span(),
            new SidecarSpan.Addresses(
                peer, peer, a.downstreamLocal(), a.upstreamLocal(), a.upstreamRemote()));
    HalfHop other =
        Change.half(
            span,
            World.NODE,
            null,
            s.downstream(),
            s.upstream(),
            s.servingApp(),
            UpstreamPool.UNKNOWN);
    return Change.node(other, World.NODE, laterNanos);
  }

  /** The client half after a retry; port 0: on its own connection. */
  private HalfHop retried(int port) {
    SidecarSpan span = Change.attempts(t.client(), 3);
    SidecarSpan.Addresses a = span.addresses();
    if (port != 0) {
      Endpoint own = Endpoint.parse("10.77.0.11", port);
      span =
          Change.addresses(
              span,
              new SidecarSpan.Addresses(
                  a.downstreamDirectRemote(),
                  a.downstreamRemote(),
                  a.downstreamLocal(),
                  own,
                  a.upstreamRemote()));
    }
    return Change.half(span, World.NODE, t.e1(), t.e2(), t.e3(), null, UpstreamPool.UNKNOWN);
  }
}
