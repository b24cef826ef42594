package io.hoptoll.correlator.pods;

import static io.hoptoll.correlator.pods.Reports.IP;
import static io.hoptoll.correlator.pods.Reports.NETNS;
import static io.hoptoll.correlator.pods.Reports.NODE;
import static io.hoptoll.correlator.pods.Reports.connection;
import static io.hoptoll.correlator.pods.Reports.exchange;
import static io.hoptoll.correlator.pods.Reports.namespace;
import static io.hoptoll.correlator.pods.Reports.process;
import static io.hoptoll.correlator.pods.Reports.tuple;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.correlator.pods.PodTopology.InFlight;
import io.hoptoll.model.Connection.End;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.Exchange.Marks;
import io.hoptoll.model.Exchange.Role;
import io.hoptoll.model.HttpCall;
import io.hoptoll.model.HttpHead;
import io.hoptoll.model.HttpMessage;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.SocketTuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What heads add to a pod's lines, and requests that nobody answers. */
class HttpTrafficTest {
  private static final int APP = 41;
  private static final long SOCKET = 5;
  private static final SocketTuple SERVED = tuple(IP, 9_080, "10.244.2.9", 33_333);

  private final List<HttpCall> calls = new ArrayList<>();
  private final PodTraffic traffic =
      new PodTraffic(path -> path.replaceAll("[0-9]+", "{id}"), calls::add);
  private long now = 5 * Nanos.PER_SECOND;

  @BeforeEach
  void namePod() {
    traffic.namespace(namespace(NETNS, IP));
    traffic.running(process(APP, "node", "", ""), now);
  }

  @Test
  void requestsCountByStatusAndRoute() {
    answered(0, "/reviews/7", 200);
    answered(1, "/reviews/8", 503);
    answered(2, "/health", 200);
    HttpTable http = http();
    assertEquals(Map.of(200, 2L, 503, 1L), http.statuses());
    HttpTable.Route reviews = http.routes().get(0);
    assertEquals("GET /reviews/{id}", reviews.method() + " " + reviews.path());
    assertEquals(2, reviews.requests());
    assertEquals(1, reviews.errors());
    assertEquals(1_500_000, reviews.meanNanos());
  }

  @Test
  void aTurnThatIsToldAgainCountsOnce() {
    traffic.message(asks(0, "/a"), now);
    report(answer(0, 200, Exchange.FLUSHED));
    report(answer(0, 200, 0));
    assertEquals(Map.of(200, 1L), http().statuses());
  }

  @Test
  void theAnswerToAHeadThatWasToldToGoOnComesWithTheNextTurn() {
    traffic.message(asks(0, "/upload"), now);
    report(answer(0, 100, 0));
    report(answer(1, 201, 0));
    assertEquals(Map.of(201, 1L), http().statuses());
    assertEquals("/upload", http().routes().get(0).path());
  }

  @Test
  void whatEndsUnansweredIsCountedSo() {
    traffic.message(asks(0, "/a"), now);
    report(silent(0, Exchange.CLOSED));
    assertEquals(Map.of(0, 1L), http().statuses());
    assertEquals(1, http().routes().get(0).errors());
    assertEquals(List.of(), topology().inFlight());
  }

  /** A task that wanted heads ended in between. */
  @Test
  void whatWasAnsweredWithoutAStatusReadIsNotCalledUnanswered() {
    traffic.message(asks(0, "/a"), now);
    report(answer(0, 0, Exchange.CLOSED));
    assertEquals(List.of(), calls);
    assertEquals(Map.of(), http().statuses());
    assertEquals(List.of(), topology().inFlight());
  }

  @Test
  void withoutRoomARouteIsOther() {
    int more = 5;
    for (int i = 0; i < Limits.ROUTES_PER_LINE + more; i++) {
      answered(i, "/" + "x".repeat(i + 1), 200);
    }
    HttpTable http = http();
    assertEquals(Limits.ROUTES_PER_LINE + 1, http.routes().size());
    assertEquals("{other}", http.routes().get(0).path());
    assertEquals(more, http.routes().get(0).requests());
  }

  @Test
  void aRequestIsInFlightFromItsHeadToItsAnswer() {
    traffic.message(asks(0, "/slow"), now);
    now += Nanos.PER_SECOND;
    InFlight hung = topology().inFlight().get(0);
    assertEquals("GET /slow", hung.method() + " " + hung.path());
    assertEquals("p41", hung.process());
    assertEquals(3 * Nanos.PER_SECOND, hung.ageNanos());
    report(silent(0, Exchange.FLUSHED));
    assertEquals("/slow", topology().inFlight().get(0).path(), "the flush says no less");
    report(answer(0, 200, 0));
    assertEquals(List.of(), topology().inFlight());
  }

  @Test
  void withoutHeadsTheFlushTellsOfIt() {
    report(silent(3, Exchange.FLUSHED));
    InFlight hung = topology().inFlight().get(0);
    assertEquals("", hung.method());
    assertTrue(hung.ageNanos() >= 2 * Nanos.PER_SECOND);
    report(silent(2, 0)); // of a turn before: overtaken
    assertEquals(1, topology().inFlight().size());
    traffic.connection(connection(SOCKET, APP, Role.ACCEPT, SERVED, End.RESET_RECEIVED, 0), now);
    assertEquals(List.of(), topology().inFlight());
  }

  /** The asking end reads late: its request is not one that nobody answered. */
  @Test
  void whatTheOtherEndAnsweredWaitsForNobodyElse() {
    report(waiting(0));
    report(silent(0, Exchange.FLUSHED));
    assertEquals(2, traffic.unanswered().size());
    report(answer(0, 0, Exchange.FLUSHED));
    assertEquals(List.of(), traffic.unanswered());
    report(waiting(1));
    assertEquals(1, traffic.unanswered().size(), "the next request is one again");
  }

  /** No log tells of them yet: that they hung is known for some seconds. */
  @Test
  void aRequestThatWasGivenUpIsRememberedForAWhile() {
    report(waiting(0));
    report(silent(0, Exchange.FLUSHED));
    Exchange closed = silent(0, Exchange.CLOSED);
    long read = closed.emitNanos() - 3 * Nanos.PER_SECOND;
    report(with(closed, new Marks(read, read, read, read, Nanos.UNSET, Nanos.UNSET), 0));
    assertEquals(2, traffic.unanswered().size());
    assertEquals(3 * Nanos.PER_SECOND, traffic.unanswered().get(1).ageNanos());
    assertEquals(0, traffic.unanswered().get(0).overNanos());
    now += Nanos.PER_SECOND;
    traffic.tick(now);
    assertEquals(Nanos.PER_SECOND, traffic.unanswered().get(1).overNanos());
    now += Limits.GIVEN_UP_NANOS;
    traffic.tick(now);
    assertEquals(1, traffic.unanswered().size());
  }

  @Test
  void answersAreCountedByWhenTheyWereAskedFor() {
    report(answer(0, 0, Exchange.FLUSHED));
    report(answer(0, 0, 0)); // the same turn again
    report(answer(1, 0, 0));
    traffic.tick(now);
    assertEquals(2, traffic.answeredSince(NODE, APP, SERVED.local().port(), 10 * Nanos.PER_SECOND));
    assertEquals(0, traffic.answeredSince(NODE, APP, SERVED.local().port() + 1, now));
    assertEquals(0, traffic.answeredSince(NODE, APP, SERVED.local().port(), 0));
  }

  /** A WebSocket's client may well speak last. */
  @Test
  void whatFollowsAnUpgradeIsNoRequest() {
    report(answer(0, 101, 0));
    report(silent(1, Exchange.FLUSHED));
    assertEquals(List.of(), traffic.unanswered());
    assertEquals(List.of(), topology().inFlight());
    report(silent(1, Exchange.CLOSED));
    assertEquals(List.of(), traffic.unanswered());
  }

  /** Turns are counted from 0 by each agent. */
  @Test
  void anAgentThatBeganAgainLeavesNothingOpen() {
    report(silent(900, Exchange.FLUSHED));
    report(with(answer(0, 0, Exchange.MIDWAY | Exchange.FLUSHED), 20 * Nanos.PER_SECOND));
    assertEquals(List.of(), traffic.unanswered());
  }

  /** As HTTP/2 has them: several open at once on one connection, answered out of order. */
  @Test
  void streamsOfOneConnectionCountEachByStatusAndRoute() {
    told(asked(1, "/shop.Cart/Get", 1_000));
    told(asked(3, "/shop.Cart/Get", 2_000));
    told(asked(5, "/orders/7", 3_000));
    assertEquals(3, topology().inFlight().size());
    told(status(3, 200, false, 4_000));
    assertEquals(2, topology().inFlight().size(), "gRPC: its first byte is there");
    told(status(5, 503, true, 5_000));
    report(turns());
    told(status(3, 14, true, 9_000));
    told(status(1, 200, true, 9_000));
    assertEquals(List.of(), topology().inFlight());
    HttpTable http = http();
    assertEquals(Map.of(14, 1L, 200, 1L, 503, 1L), http.statuses());
    HttpTable.Route get = http.routes().get(0);
    assertEquals("POST /shop.Cart/Get", get.method() + " " + get.path());
    assertEquals(2, get.requests());
    assertEquals(1, get.errors());
    assertEquals(5_000, get.meanNanos(), "8000 and 2000, to the answer's first byte");
    assertEquals("/orders/{id}", http.routes().get(1).path());
  }

  /** For profiling tasks: from head to head, whether the line is known yet or not. */
  @Test
  void eachCallWhoseHeadWasSeenIsToldOnce() {
    answered(0, "/a", 503);
    report(answer(0, 503, 0));
    report(answer(1, 200, 0)); // its head was not seen
    told(asked(3, "/shop.Cart/Get", 2_000));
    told(status(3, 14, true, 9_000));
    told(asked(5, "/open", 3_000));
    traffic.connection(connection(SOCKET, APP, Role.ACCEPT, SERVED, End.RESET_RECEIVED, 0), now);
    assertEquals(
        List.of("0 /a 503", "-1 /shop.Cart/Get 14", "-1 /open 0"),
        calls.stream().map(c -> c.turn() + " " + c.request().path() + " " + c.status()).toList());
    assertEquals(7_000, calls.get(1).nanos());
    assertTrue(calls.stream().allMatch(c -> c.served() && c.socketId() == SOCKET));
  }

  /** Two threads of a client: the one that read was told first. */
  @Test
  void anAnswerMayComeBeforeItsRequest() {
    told(status(1, 200, true, 5_000));
    told(asked(1, "/a", 1_000));
    report(turns());
    assertEquals(Map.of(200, 1L), http().statuses());
    assertEquals(4_000, http().routes().get(0).meanNanos());
    assertEquals(List.of(), topology().inFlight());
  }

  @Test
  void aStreamThatIsResetOrStillOpenAtItsConnectionsEndHasNoAnswer() {
    told(asked(1, "/a", 1_000));
    told(asked(3, "/b", 1_000));
    told(status(1, 0, true, 2_000));
    told(status(1, 0, true, 3_000)); // the other side resets it too
    report(turns());
    assertEquals("/b", topology().inFlight().get(0).path());
    traffic.connection(connection(SOCKET, APP, Role.ACCEPT, SERVED, End.RESET_RECEIVED, 0), now);
    assertEquals(Map.of(0, 2L), http().statuses());
    assertEquals(List.of(), topology().inFlight());
  }

  @Test
  void whereHeadsCannotBeReadAnyFurtherNothingIsSaidToHangOrToFail() {
    told(asked(1, "/a", 1_000));
    report(turns());
    told(status(HttpMessage.ALL_STREAMS, 0, true, 2_000));
    assertEquals(List.of(), topology().inFlight());
    traffic.connection(connection(SOCKET, APP, Role.ACCEPT, SERVED, End.RESET_RECEIVED, 0), now);
    assertTrue(http().isEmpty());
  }

  @Test
  void streamsAreBounded() {
    for (int i = 0; i < Limits.STREAMS + 7; i++) {
      told(asked(2 * i + 1, "/a", 1_000));
    }
    assertEquals(7L, traffic.views().counters().get("streams_forgotten"));
    for (int i = 0; i < Limits.STREAMS; i++) {
      told(status(2 * (i + 7) + 1, 200, true, 2_000));
    }
    assertEquals(
        (long) Limits.STREAMS - Limits.STREAMS_UNPLACED,
        traffic.views().counters().get("streams_unplaced"),
        "no line is known yet");
  }

  /** A client cancels, and the answer that was on its way is read all the same. */
  @Test
  void anAnswerToAStreamThatIsOverLeavesNothingOpen() {
    told(asked(1, "/hangs", 1_000));
    for (int i = 1; i <= Limits.STREAMS; i++) {
      told(asked(2 * i + 1, "/cancelled", 1_000));
      told(status(2 * i + 1, 0, true, 2_000));
      told(status(2 * i + 1, 200, true, 3_000));
    }
    assertEquals(0L, traffic.views().counters().get("streams_forgotten"));
    assertEquals("/hangs", topology().inFlight().get(0).path());
  }

  @Test
  void ofAPodThatIsRefusedNoAnswersAreKept() {
    for (int pod = 0; pod < Limits.PODS; pod++) {
      report(of(turns(), NETNS + 1 + pod, 100 + pod));
    }
    now += 2 * Nanos.PER_SECOND;
    traffic.tick(now);
    for (int i = 0; i <= Limits.STREAMS_UNPLACED; i++) {
      told(asked(2 * i + 1, "/a", 1_000));
      told(status(2 * i + 1, 200, true, 2_000));
    }
    Map<String, Long> counters = traffic.views().counters();
    assertEquals(0L, counters.get("streams_unplaced"));
    assertEquals(2L * (Limits.STREAMS_UNPLACED + 1), counters.get("pods_refused"));
  }

  /** Its role is not known any more; or it was idle for long, and others took its place. */
  @Test
  void whatWasOpenEndsWithItsConnectionAlsoInAPodThatIsRefusedByThen() {
    told(asked(1, "/a", 1_000));
    report(turns());
    assertEquals(1, topology().inFlight().size());
    traffic.connection(connection(SOCKET, APP, Role.UNKNOWN, SERVED, End.RESET_RECEIVED, 0), now);
    assertEquals(List.of(), topology().inFlight());
  }

  private void told(HttpMessage m) {
    traffic.message(m, now);
  }

  private static HttpMessage asked(int stream, String path, long atNanos) {
    return of(stream, new HttpHead("POST", path, 0, "", "", "", "", false), false, atNanos);
  }

  private static HttpMessage status(int stream, int status, boolean concludes, long atNanos) {
    return of(stream, new HttpHead("", "", status, "", "", "", "", false), concludes, atNanos);
  }

  private static HttpMessage of(int stream, HttpHead head, boolean concludes, long atNanos) {
    return new HttpMessage(
        NODE,
        NETNS,
        SOCKET,
        0,
        atNanos,
        SERVED,
        Role.ACCEPT,
        head.isRequest(),
        false,
        new Exchange.Owner(APP, APP, "node"),
        head,
        stream,
        concludes);
  }

  /** What the connection's bytes count as, beside its heads. */
  private static Exchange turns() {
    return exchange(SOCKET, 0, APP, Role.ACCEPT, SERVED, 100, 200, Exchange.MULTIPLEXED);
  }

  private void answered(int turn, String path, int status) {
    traffic.message(asks(turn, path), now);
    report(answer(turn, status, 0));
  }

  private static HttpMessage asks(int turn, String path) {
    return new HttpMessage(
        NODE,
        NETNS,
        SOCKET,
        turn,
        1,
        SERVED,
        Role.ACCEPT,
        true,
        false,
        new Exchange.Owner(APP, APP, "node"),
        new HttpHead("GET", path, 0, "", "", "", "", false),
        0,
        false);
  }

  /** Read, and answered 1.5 ms later. */
  private static Exchange answer(int turn, int status, int flags) {
    Exchange e = exchange(SOCKET, turn, APP, Role.ACCEPT, SERVED, 100, 200, flags);
    long read = e.marks().readFirstNanos();
    return with(e, new Marks(read, read, read, read, read + 1_500_000, read + 1_600_000), status);
  }

  /** The same connection's other end, in the same pod: it has sent its request. */
  private static Exchange waiting(int turn) {
    SocketTuple asking = new SocketTuple(SERVED.remote(), SERVED.local());
    Exchange e = exchange(SOCKET + 1, turn, 7, Role.CONNECT, asking, 0, 100, Exchange.FLUSHED);
    long sent = e.marks().sendFirstNanos();
    return with(e, new Marks(Nanos.UNSET, Nanos.UNSET, Nanos.UNSET, Nanos.UNSET, sent, sent), 0);
  }

  /** All of it later. */
  private static Exchange with(Exchange e, long later) {
    Marks m = e.marks();
    return with(
        e,
        new Marks(
            m.readyFirstNanos() + later,
            m.readyLastNanos() + later,
            m.readFirstNanos() + later,
            m.readLastNanos() + later,
            m.sendFirstNanos() + later,
            m.sendLastNanos() + later),
        0);
  }

  private static Exchange silent(int turn, int flags) {
    Exchange e = exchange(SOCKET, turn, APP, Role.ACCEPT, SERVED, 100, 0, flags);
    long read = e.marks().readFirstNanos();
    return with(e, new Marks(read, read, read, read, Nanos.UNSET, Nanos.UNSET), 0);
  }

  private static Exchange of(Exchange e, long netns, long socketId) {
    return with(e, netns, socketId, e.marks(), e.httpStatus());
  }

  private static Exchange with(Exchange e, Marks marks, int status) {
    return with(e, e.netns(), e.socketId(), marks, status);
  }

  private static Exchange with(Exchange e, long netns, long socketId, Marks marks, int status) {
    return new Exchange(
        e.node(),
        netns,
        socketId,
        e.turn(),
        e.emitNanos(),
        e.tuple(),
        e.role(),
        e.flags(),
        e.owner(),
        e.opening(),
        marks,
        e.volume(),
        e.tcp(),
        status);
  }

  private void report(Exchange e) {
    traffic.exchange(e, now);
  }

  private HttpTable http() {
    return topology().lines().get(0).http();
  }

  private PodTopology topology() {
    now += 2 * Nanos.PER_SECOND;
    traffic.tick(now);
    PodTopology t = traffic.views().topology(NODE, IP);
    assertNotNull(t);
    return t;
  }
}
