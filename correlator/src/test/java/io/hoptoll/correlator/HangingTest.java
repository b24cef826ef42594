package io.hoptoll.correlator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.correlator.Verdict.Finding;
import io.hoptoll.correlator.pods.Unanswered;
import io.hoptoll.model.Cause;
import io.hoptoll.model.Endpoint;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.Hop;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.Party;
import io.hoptoll.model.ProcessSample;
import io.hoptoll.model.UpstreamPool;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** One hop, productpage to reviews; what its four processes have not answered. */
class HangingTest {
  private static final String PATH = "/shop";
  private static final Edge EDGE = new Edge("productpage", "reviews");
  private static final double USUAL = 40e6;
  private static final int APP_PORT = 9_080;
  private static final int PROXY_PORT = 15_006;
  private static final long SECOND = Nanos.PER_SECOND;
  private static final Endpoint ELSEWHERE = Endpoint.parse("10.9.9.9", 5_432);

  private static final int CALLING_APP = 101;
  private static final int CALLING_PROXY = 102;
  private static final int SERVING_PROXY = 103;
  private static final int SERVING_APP = 104;
  private static final int OTHER_APP = 105;

  private final Owners owners = new Owners();
  private final List<Unanswered> open = new ArrayList<>();
  private final List<Window> later = new ArrayList<>();
  private long answered;
  private final Map<Integer, Long> answeredBy = new HashMap<>();
  private long over;
  private Unacknowledged.@Nullable InVain inVain;

  @Test
  void anAppThatReadAndCallsNobodyHasThem() {
    hop(0);
    chain(4, 5 * SECOND);
    Finding f = only();
    assertEquals(Cause.APP_SERVICE_TIME, f.cause());
    assertEquals(Party.SERVER_APP, f.party());
    assertEquals(EDGE, f.edge());
    assertEquals(5 * SECOND, f.nanos(), 1);
    assertTrue(found().headline().contains("4 requests without an answer"), found()::headline);
  }

  @Test
  void anAppThatDoesNotReadHasThem() {
    hop(0);
    asked(CALLING_PROXY, 1, 15_001, 5 * SECOND);
    calls(CALLING_PROXY, 0, APP_PORT, 5 * SECOND);
    asked(SERVING_PROXY, 1, PROXY_PORT, 5 * SECOND);
    calls(SERVING_PROXY, SERVING_APP, APP_PORT, 5 * SECOND);
    assertEquals(Cause.APP_PICKUP_DELAY, only().cause());
    assertEquals("reviews", only().actor().name());
  }

  /** Its listen queue has room for more: no SYN is lost. */
  @Test
  void anAppThatAcceptsNobodyHasThem() {
    hop(0);
    for (int i = 0; i < 4; i++) {
      asked(SERVING_PROXY, i, PROXY_PORT, 5 * SECOND);
      untaken(5 * SECOND);
    }
    Finding f = only();
    assertEquals(Cause.APP_PICKUP_DELAY, f.cause());
    assertEquals(Party.SERVER_APP, f.party());
    assertTrue(f.evidence().get(1).contains("nobody has accepted"), f.evidence()::toString);
  }

  @Test
  void anAppThatAcceptsNobodyIsFoundBehindTls() {
    hop(0);
    for (int i = 0; i < 4; i++) {
      untaken(5 * SECOND);
    }
    assertEquals(Cause.APP_PICKUP_DELAY, only().cause());
  }

  /** Nobody behind the edge has done anything. */
  @Test
  void aCallersAppThatAcceptsNobodyIsTheCallers() {
    hop(0);
    for (int i = 0; i < 4; i++) {
      untaken(CALLING_PROXY, 5 * SECOND);
    }
    assertEquals(Party.CLIENT_APP, only().party());
    assertEquals(EDGE.client(), only().actor().name());
  }

  @Test
  void anAppThatAcceptsSomeIsNotThatWhichAcceptsNobody() {
    hop(0);
    for (int i = 0; i < 4; i++) {
      untaken(5 * SECOND);
    }
    answeredBy.put(SERVING_APP, 3L);
    assertEquals(List.of(), found().findings());
  }

  private void untaken(long age) {
    untaken(SERVING_PROXY, age);
  }

  private void untaken(int sidecar, long age) {
    Endpoint app = Endpoint.parse("10.77.0.12", APP_PORT);
    open.add(
        new Unanswered(World.NODE, sidecar, true, true, APP_PORT, app, 0, true, age, over, false));
  }

  @Test
  void anAppThatWaitsForSomebodyOutsideIsNotSlow() {
    hop(0);
    chain(3, 5 * SECOND);
    open.add(
        new Unanswered(World.NODE, SERVING_APP, true, false, 5_432, ELSEWHERE, 0, 4 * SECOND, 0));
    assertEquals(Cause.DEPENDENCY, only().cause());
    assertTrue(only().evidence().get(1).contains("10.9.9.9"), only().evidence()::toString);
  }

  @Test
  void aCallFromBeforeIsNotWhatItWaitsFor() {
    hop(0);
    chain(3, 5 * SECOND);
    open.add(
        new Unanswered(World.NODE, SERVING_APP, true, false, 5_432, ELSEWHERE, 0, 60 * SECOND, 0));
    assertEquals(Cause.APP_SERVICE_TIME, only().cause());
  }

  @Test
  void aSidecarThatSentNothingOnHasThem() {
    hop(0);
    asked(CALLING_PROXY, 1, 15_001, 5 * SECOND);
    assertEquals(Cause.SIDECAR_FILTER, only().cause());
    assertEquals(Party.CLIENT_SIDECAR, only().party());
  }

  @Test
  void whoeverIsStoppedExplainsTheOthers() {
    hop(0);
    chain(2, 5 * SECOND);
    stopped(SERVING_PROXY);
    assertEquals(Cause.SIDECAR_FROZEN, only().cause());
    assertEquals(Party.SERVER_SIDECAR, only().party());
  }

  @Test
  void anAppWhoseCallsAreStreamsIsNotJudged() {
    hop(Exchange.MULTIPLEXED);
    chain(3, 5 * SECOND);
    assertTrue(found().findings().isEmpty(), found()::toString);
    assertFalse(found().leads());
    assertEquals(1, found().doubts().size());
  }

  @Test
  void whatOthersAskTheProcessOnAnotherPortIsNotOfThePath() {
    hop(0);
    asked(SERVING_APP, 1, 24_224, 5 * SECOND);
    assertEquals(0, found().requests());
  }

  @Test
  void whatIsUsualDoesNotHang() {
    hop(0);
    chain(4, SECOND / 2);
    assertEquals(0, found().requests());
  }

  @Test
  void whereFewAreExpectedTheirAbsenceSaysNothing() {
    hop(0);
    chain(4, 5 * SECOND);
    assertFalse(found(new Hanging.Well(USUAL, 1)).leads());
    assertEquals(1, found(new Hanging.Well(USUAL, 1)).doubts().size());
  }

  @Test
  void whatNobodyAnswersIsNoRequest() {
    hop(0);
    for (int i = 0; i < 4; i++) {
      open.add(
          new Unanswered(
              World.NODE, SERVING_APP, false, false, APP_PORT, ELSEWHERE, 0, 5 * SECOND, 0));
    }
    assertEquals(0, found().requests());
  }

  @Test
  void aYoungCallMayBeOneThatIsAlwaysOpen() {
    hop(0);
    chain(3, 5 * SECOND);
    open.add(
        new Unanswered(World.NODE, SERVING_APP, true, false, 9_092, ELSEWHERE, 0, SECOND / 2, 0));
    assertTrue(found().findings().isEmpty(), found()::toString);
  }

  @Test
  void besideManyThatWereAnsweredItIsADoubt() {
    hop(0);
    chain(4, 5 * SECOND);
    answeredInWindows(9);
    answered = 30;
    assertFalse(found().leads());
    assertTrue(found().doubts().get(0).startsWith("4 requests"), found().doubts()::toString);
  }

  /** Its callers wait 3 s at most, so none is ever older; none is open as they begin again. */
  @Test
  void requestsThatWereGivenUpLatelyCountAsThoseThatHang() {
    hop(0);
    over = 2 * SECOND;
    chain(4, 3 * SECOND);
    assertEquals(Cause.APP_SERVICE_TIME, only().cause());
    assertEquals(3 * SECOND, only().nanos(), 1);
  }

  @Test
  void whatNobodyAcknowledgesIsOnTheWay() {
    hop(0);
    asked(CALLING_PROXY, 1, 15_001, 2 * SECOND);
    asked(CALLING_PROXY, 2, 15_001, 2 * SECOND);
    asked(CALLING_PROXY, 3, 15_001, 2 * SECOND);
    inVain = new Unacknowledged.InVain(Endpoint.parse("10.77.0.12", APP_PORT), 3, 0, 3, false, 0);
    assertEquals(Cause.TRANSPORT_CONNECT, only().cause());
    assertEquals(Party.TRANSPORT, only().party());
    assertEquals(EDGE, only().edge());
    inVain = new Unacknowledged.InVain(Endpoint.parse("10.77.0.12", APP_PORT), 0, 3, 9, false, 0);
    assertEquals(Cause.TRANSPORT_LOSS, only().cause());
  }

  /** A sidecar has both sorts at once: what its app was asked, in TLS there, and what that asks. */
  @Test
  void whatTheAppAsksIsOnTheWayThoughTheAppWaitsToo() {
    hop(0);
    for (int i = 0; i < 3; i++) {
      Endpoint app = Endpoint.parse("10.77.0.11", 41_000 + i);
      long age = 2 * SECOND;
      open.add(
          new Unanswered(World.NODE, CALLING_PROXY, false, true, 15_001, app, CALLING_APP, age, 0));
      calls(CALLING_PROXY, CALLING_APP, APP_PORT, age);
      calls(CALLING_PROXY, 0, APP_PORT, age);
    }
    inVain = new Unacknowledged.InVain(Endpoint.parse("10.77.0.12", APP_PORT), 0, 3, 9, false, 0);
    assertEquals(Cause.TRANSPORT_LOSS, found().findings().get(0).cause());
    assertTrue(found().leads());
  }

  @Test
  void anAppWhoseListenerTakesNobodyHasThem() {
    hop(0);
    asked(SERVING_PROXY, 1, PROXY_PORT, 2 * SECOND);
    asked(SERVING_PROXY, 2, PROXY_PORT, 2 * SECOND);
    asked(SERVING_PROXY, 3, PROXY_PORT, 2 * SECOND);
    inVain = new Unacknowledged.InVain(Endpoint.parse("10.77.0.12", APP_PORT), 3, 0, 3, true, 0);
    assertEquals(Cause.APP_ACCEPT_QUEUE_FULL, only().cause());
    assertEquals(Party.SERVER_APP, only().party());
  }

  /** The first of them found room in it. */
  @Test
  void anAppWhoseListenQueueHasFilledHasAll() {
    hop(0);
    for (int i = 0; i < 3; i++) {
      untaken(6 * SECOND);
    }
    inVain = new Unacknowledged.InVain(Endpoint.parse("10.77.0.12", APP_PORT), 3, 0, 3, true, 0);
    assertEquals(Cause.APP_ACCEPT_QUEUE_FULL, only().cause());
  }

  /** What its sidecar was asked is inside TLS. */
  @Test
  void anAppWhoseListenerTakesNobodyHasThemAlsoBehindTls() {
    hop(0);
    asked(CALLING_PROXY, 1, 15_001, 2 * SECOND);
    asked(CALLING_PROXY, 2, 15_001, 2 * SECOND);
    asked(CALLING_PROXY, 3, 15_001, 2 * SECOND);
    calls(CALLING_PROXY, 0, APP_PORT, 2 * SECOND);
    inVain = new Unacknowledged.InVain(Endpoint.parse("10.77.0.12", APP_PORT), 2, 0, 3, true, 0);
    assertEquals(Cause.APP_ACCEPT_QUEUE_FULL, only().cause());
    assertEquals(Party.SERVER_APP, only().party());
    inVain = new Unacknowledged.InVain(Endpoint.parse("10.77.0.12", APP_PORT), 1, 0, 1, true, 0);
    assertTrue(found().findings().isEmpty(), found()::toString);
  }

  @Test
  void oneSlowConnectionIsNotWhatManyCallsWaitFor() {
    hop(0);
    chain(4, 5 * SECOND);
    inVain = new Unacknowledged.InVain(ELSEWHERE, 1, 0, 1, false, 0);
    assertEquals(Cause.APP_SERVICE_TIME, only().cause());
  }

  /** Long polls at one replica, while the others answer as ever. */
  @Test
  void ofAllReplicasTheAnswersCount() {
    hop(0);
    hop(0, OTHER_APP);
    chain(3, 3 * SECOND);
    assertTrue(found().leads());
    answeredBy.put(OTHER_APP, 40L);
    assertFalse(found().leads());
    assertEquals(1, found().doubts().size());
  }

  @Test
  void windowsThatKnowOfAnswersKnowBetterThanSockets() {
    hop(0);
    chain(3, 5 * SECOND);
    answeredInWindows(40);
    assertFalse(found().leads());
  }

  private void answeredInWindows(int requests) {
    Window window = new Window(0, 1);
    PathWindow own = new PathWindow();
    for (int i = 0; i < requests; i++) {
      own.request(1_000_000, false);
    }
    window.paths.put(PATH, own);
    later.add(window);
  }

  private void hop(int callsOfServer) {
    hop(callsOfServer, SERVING_APP);
  }

  /** Both pods' work for the path, as a hop shows it. */
  private void hop(int callsOfServer, int servingApp) {
    World.Truth t = World.steady("a");
    var client =
        Change.half(
            t.client(),
            World.NODE,
            owned(t.e1(), CALLING_APP),
            owned(t.e2(), CALLING_PROXY),
            owned(t.e3(), CALLING_PROXY),
            null,
            UpstreamPool.UNKNOWN);
    var server =
        Change.half(
            t.server(),
            World.NODE,
            null,
            owned(t.e4(), SERVING_PROXY),
            owned(t.e5(), SERVING_PROXY),
            owned(t.e6(), servingApp),
            UpstreamPool.UNKNOWN);
    JoinCounters counters = new JoinCounters();
    owners.hop(
        PATH,
        new Hop(
            client,
            server,
            List.of(),
            new LedgerBuilder(counters).build(client, server, List.of())),
        EDGE);
    if (callsOfServer != 0) {
      Exchange streams = Change.flags(owned(t.e1(), SERVING_APP), callsOfServer);
      var calling =
          Change.half(t.client(), World.NODE, streams, null, null, null, UpstreamPool.UNKNOWN);
      owners.hop(
          PATH,
          new Hop(
              calling,
              null,
              List.of(),
              new LedgerBuilder(counters).build(calling, null, List.of())),
          new Edge("reviews", "ratings"));
    }
  }

  private static Exchange owned(Exchange e, int tgid) {
    return Change.owner(e, new Exchange.Owner(tgid, tgid, "p" + tgid));
  }

  /** Requests that every process has read, and but the last sent on. */
  private void chain(int requests, long age) {
    for (int i = 0; i < requests; i++) {
      asked(CALLING_PROXY, i, 15_001, age);
      calls(CALLING_PROXY, 0, APP_PORT, age);
      asked(SERVING_PROXY, i, PROXY_PORT, age);
      calls(SERVING_PROXY, SERVING_APP, APP_PORT, age);
      asked(SERVING_APP, i, APP_PORT, age);
    }
  }

  private void asked(int process, int number, int port, long age) {
    Endpoint peer = Endpoint.parse("10.77.0.11", 40_000 + number);
    open.add(new Unanswered(World.NODE, process, false, true, port, peer, 0, age, over));
  }

  private void calls(int process, int peerProcess, int port, long age) {
    Endpoint peer = Endpoint.parse("10.77.0.12", port);
    open.add(new Unanswered(World.NODE, process, true, true, port, peer, peerProcess, age, over));
  }

  private void stopped(int process) {
    Window window = new Window(0, 1);
    ProcessTime time = new ProcessTime();
    time.add(
        new ProcessSample(
            World.NODE, 12, process, "p", SECOND, SECOND, 0, Nanos.UNSET, 0, Nanos.UNSET, 0, true));
    window.processes.put(new ProcessKey(World.NODE, process), time);
    later.add(window);
  }

  /** They have answered before. */
  private long answered(int process, long ageNanos) {
    long lately = answeredBy.getOrDefault(process, answered);
    return ageNanos >= 15 * SECOND ? lately + 100 : lately;
  }

  private Finding only() {
    List<Finding> all = found().findings();
    assertEquals(1, all.size(), all::toString);
    assertTrue(found().leads());
    return all.get(0);
  }

  /** Only the server's sidecar has an app in its own pod that it calls. */
  private Unacknowledged.@Nullable InVain inVain(ProcessKey process) {
    boolean isOthers = inVain != null && inVain.isInside() && process.tgid() != SERVING_PROXY;
    return isOthers ? null : inVain;
  }

  private Hanging.Found found() {
    return found(new Hanging.Well(USUAL, 10));
  }

  private Hanging.Found found(Hanging.Well well) {
    Hanging.Live live =
        new Hanging.Live(
            open, (n, t, p, age) -> answered(t, age), (p, since) -> inVain(p), 1_000 * SECOND);
    return new Hanging(owners, PATH, Set.of(EDGE), well, live).found((from, to) -> later);
  }
}
