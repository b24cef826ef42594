package io.hoptoll.correlator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.model.Cause;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Hop;
import io.hoptoll.model.Ledger;
import io.hoptoll.model.Leg;
import io.hoptoll.model.LegKind;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.Party;
import io.hoptoll.model.ResponseFlag;
import io.hoptoll.model.SidecarSpan;
import io.hoptoll.model.SidecarSpan.Outcome;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Requests that a route's time-out or their caller gave up on after a second, as a real Envoy and
 * kernel tell of them: the server's app had them all the time, and whoever gave up was named.
 */
class GivenUpTest {
  private static final String PATH = "/reviews";
  private static final long SECOND = Nanos.PER_SECOND;
  private static final long WELL = 1_000;
  private static final long ILL = WELL + 60;
  private static final int REQUESTS = 20;
  private static final Edge STOCK = new Edge("shop", "stock");
  private static final Edge ROWS = new Edge("stock", "rows");
  private static final Edge PRICES = new Edge("shop", "prices");
  private static final Outcome TIMED_OUT = outcome(504, "response_timeout", ResponseFlag.UT);
  static final Outcome LEFT = outcome(0, "downstream_remote_disconnect", ResponseFlag.DC);

  private final World.Truth t = World.steady("id");
  private final LedgerBuilder builder = new LedgerBuilder(new JoinCounters());
  private final Windows windows = new Windows(new JoinCounters());

  @Test
  void theAppHadItThatReadItAndDidNotAnswer() {
    Ledger ledger = timedOut().ledger();
    assertTrue(ledger.nanosOf(LegKind.SERVER_APP_SERVICE) > SECOND * 99 / 100, ledger::toString);
    assertEquals(1.0, ledger.resolvedShare(), 0.01);
  }

  /** Nothing but the way there can be told of two clocks that nothing else ties. */
  @Test
  void onAnotherNodeTheAppHadItToo() {
    HalfHop server = Change.node(givenUp(Change.server(t), LEFT), "another", -7 * SECOND);
    Ledger ledger = hop(givenUp(Change.client(t), TIMED_OUT), server).ledger();
    assertEquals(SECOND, ledger.totalNanos(), SECOND / 100);
    assertTrue(ledger.nanosOf(LegKind.SERVER_APP_SERVICE) > SECOND * 99 / 100, ledger::toString);
  }

  @Test
  void anAppThatNeverReadItHadItToo() {
    HalfHop server = serving(givenUp(Change.server(t), LEFT), null);
    Ledger ledger = hop(givenUp(Change.client(t), TIMED_OUT), server).ledger();
    long app = 0;
    for (int i = 0; i < ledger.legCount(); i++) {
      app += Leg.party(ledger.legKinds(i)) == Party.SERVER_APP ? ledger.legNanos(i) : 0;
    }
    assertTrue(app > SECOND * 99 / 100, ledger::toString);
  }

  @Test
  void whatComesTooLateIsNoAnswer() {
    Exchange late = sent(t.e6(), t.e6().marks().readLastNanos() + 3 * SECOND);
    HalfHop server = serving(givenUp(Change.server(t), LEFT), late);
    Ledger ledger = hop(givenUp(Change.client(t), LEFT), server).ledger();
    assertEquals(SECOND, ledger.totalNanos(), SECOND / 100);
    assertTrue(ledger.nanosOf(LegKind.SERVER_APP_SERVICE) > SECOND * 99 / 100, ledger::toString);
  }

  /** A sidecar that stood still sees its caller leave before it sees the answer. */
  @Test
  void anAnswerThatTheSidecarDidNotReadIsTheApps() {
    HalfHop server = serving(givenUp(Change.server(t), LEFT), t.e6());
    Ledger ledger = hop(givenUp(Change.client(t), TIMED_OUT), server).ledger();
    long service = t.e6().marks().sendFirstNanos() - t.e6().marks().readLastNanos();
    assertEquals(service, ledger.nanosOf(LegKind.SERVER_APP_SERVICE));
  }

  @Test
  void itLastsUntilItsCallerLeft() {
    assertEquals(SECOND, left().ledger().totalNanos(), SECOND / 100);
  }

  /** The call behind goes on when nobody waits any more: it counts up to then. */
  @Test
  void theCallThatStillRanIsWhatItWaitedFor() {
    long later = 2 * Nanos.PER_MILLI;
    Edge behind = new Edge("reviews.default", "ratings.default");
    PathNode root = new PathNode(left());
    Hop call =
        hop(
            Change.node(givenUp(Change.client(t), LEFT), World.NODE, later),
            Change.node(givenUp(Change.server(t), LEFT), World.NODE, later));
    root.add(new PathNode(call, behind), PathNode.Link.REQUEST_ID);
    Charges charges = CriticalPath.charges(root);
    long sum = 0;
    long inCall = 0;
    for (int i = 0; i < charges.size(); i++) {
      sum += charges.nanos(i);
      inCall += charges.edge(i).equals(behind) ? charges.nanos(i) : 0;
    }
    assertEquals(root.hop().ledger().totalNanos(), sum);
    assertTrue(inCall > SECOND * 98 / 100, "ns charged to the call: " + inCall);
  }

  @Test
  void whoMadeItWaitComesBeforeWhoGaveUp() {
    for (int second = 0; second < 20; second++) {
      feed(hop(Change.client(t), Change.server(t)), WELL + second);
    }
    feed(timedOut(), ILL);
    Verdict verdict = diagnosed();
    assertEquals(Cause.APP_SERVICE_TIME, verdict.findings().get(0).cause(), verdict::headline);
    assertEquals(Party.SERVER_APP, verdict.findings().get(0).party());
    assertEquals(Cause.SIDECAR_TIMEOUT_SET_TOO_LOW, verdict.findings().get(1).cause());
    assertTrue(verdict.headline().contains("100 % of the requests given up"), verdict::headline);
  }

  /** A time-out set below what the one call always takes, while the other call's app got slower. */
  @Test
  void whatGrewElsewhereExplainsNoTimeOut() {
    for (int second = 0; second < 20; second++) {
      feed(called(PRICES, 5, false), WELL + second);
    }
    feed(called(PRICES, 25, true), ILL);
    Verdict verdict = diagnosed();
    assertEquals(
        List.of(Cause.SIDECAR_TIMEOUT_SET_TOO_LOW, Cause.APP_SERVICE_TIME),
        verdict.findings().stream().map(Verdict.Finding::cause).toList(),
        verdict::headline);
    assertTrue(verdict.headline().contains("TIMEOUT_SET_TOO_LOW"), verdict::headline);
  }

  /** The same time-outs, with the time lost where they waited, two calls further down. */
  @Test
  void whatGrewFurtherDownDoes() {
    for (int second = 0; second < 20; second++) {
      feed(called(ROWS, 5, false), WELL + second);
    }
    feed(called(ROWS, 25, true), ILL);
    Verdict verdict = diagnosed();
    assertEquals(
        List.of(Cause.APP_SERVICE_TIME, Cause.SIDECAR_TIMEOUT_SET_TOO_LOW),
        verdict.findings().stream().map(Verdict.Finding::cause).toList(),
        verdict::headline);
  }

  @Test
  void whereNothingTellsWhatIsUsualTheTimeOutComesFirst() {
    feed(timedOut(), ILL);
    Verdict verdict = diagnosed();
    assertEquals(Cause.SIDECAR_TIMEOUT_SET_TOO_LOW, verdict.findings().get(0).cause());
    assertEquals(Cause.APP_SERVICE_TIME, verdict.findings().get(1).cause(), verdict::headline);
  }

  /** A service that fails at once, for a while, is no measure for the time when it works again. */
  @Test
  void failingFastIsNotWell() {
    Hop works = hop(Change.client(t), Change.server(t));
    for (int second = 0; second < 40; second++) {
      boolean fails = second >= 20;
      feed(fails ? refused() : works, WELL + second);
    }
    Baseline baseline = Baseline.of(windows.past(Against.past(WELL, WELL + 40)), PATH);
    assertEquals(20 * REQUESTS, baseline.merged().count());
    assertEquals(0, baseline.merged().errors());
  }

  /** Of few requests a second most seconds have no error; those with one are usual, too. */
  @Test
  void aPathThatSometimesFailsIsUsedToIt() {
    Hop works = hop(Change.client(t), Change.server(t));
    int failed = 0;
    for (int i = 0; i < 60 * 5; i++) {
      boolean fails = i * 37 % 100 < 8;
      failed += fails ? 1 : 0;
      PathNode root = new PathNode(fails ? refused() : works);
      windows.request(PATH, root, CriticalPath.charges(root), (WELL + i / 5) * SECOND);
    }
    windows.tick((WELL + 61) * SECOND);
    Baseline baseline = Baseline.of(windows.past(Against.past(WELL, WELL + 60)), PATH);
    double usual = (double) baseline.merged().errors() / baseline.merged().count();
    assertEquals(failed / 300.0, usual, 0.02);
  }

  private Hop refused() {
    HalfHop h = Change.client(t);
    SidecarSpan span = Change.outcome(h.span(), outcome(503, "no_healthy_upstream"));
    return hop(half(h, span, t.e1(), t.e2(), null, null), null);
  }

  private Hop timedOut() {
    return hop(givenUp(Change.client(t), TIMED_OUT), givenUp(Change.server(t), LEFT));
  }

  private Hop left() {
    return hop(givenUp(Change.client(t), LEFT), givenUp(Change.server(t), LEFT));
  }

  /** A request of shop's, which calls stock, and stock its rows. */
  private record Called(PathNode root, Charges charges) {}

  private Called called(Edge slow, long millis, boolean timesOut) {
    Hop well = hop(Change.client(t), Change.server(t));
    PathNode stock = new PathNode(timesOut ? timedOut() : well, STOCK);
    stock.add(new PathNode(well, ROWS), PathNode.Link.REQUEST_ID);
    PathNode root = new PathNode(well, new Edge("edge", "shop"));
    root.add(stock, PathNode.Link.REQUEST_ID);
    root.add(new PathNode(well, PRICES), PathNode.Link.REQUEST_ID);
    Charges charges = new Charges();
    charges.add(slow, LegKind.SERVER_APP_SELF.bit(), millis * Nanos.PER_MILLI);
    return new Called(root, charges);
  }

  private void feed(Hop hop, long second) {
    PathNode root = new PathNode(hop);
    feed(new Called(root, CriticalPath.charges(root)), second);
  }

  private void feed(Called request, long second) {
    for (int i = 0; i < REQUESTS; i++) {
      windows.request(PATH, request.root(), request.charges(), second * SECOND);
    }
    windows.tick((second + 1) * SECOND);
  }

  private Verdict diagnosed() {
    Against past = Against.past(WELL, ILL);
    return new Diagnosis(windows, Sensitivity.DEFAULT)
        .diagnose(new Diagnosis.Query(PATH, ILL, ILL + 1, past, -1, Hanging.Live.NONE), 1);
  }

  private Hop hop(HalfHop client, @Nullable HalfHop server) {
    return new Hop(client, server, List.of(), builder.build(client, server, List.of()));
  }

  /** Nothing came back within a second; only a sidecar with a status to tell answered then. */
  static HalfHop givenUp(HalfHop h, Outcome outcome) {
    long end = outcome.code() > 0 ? h.startNanos() + SECOND : Nanos.UNSET;
    SidecarSpan s = Change.outcome(h.span(), outcome);
    long answered = outcome.code() > 0 ? SECOND : Nanos.UNSET;
    long sent = s.times().firstUpstreamTxNanos();
    SidecarSpan.Times times =
        new SidecarSpan.Times(0, sent, sent, Nanos.UNSET, Nanos.UNSET, answered, answered, SECOND);
    return half(
        h,
        Change.times(s, times),
        received(h.callingApp(), end),
        sent(h.downstream(), end),
        received(h.upstream(), Nanos.UNSET),
        sent(h.servingApp(), Nanos.UNSET));
  }

  private static HalfHop serving(HalfHop h, @Nullable Exchange app) {
    return half(h, h.span(), h.callingApp(), h.downstream(), h.upstream(), app);
  }

  private static HalfHop half(
      HalfHop h,
      SidecarSpan span,
      @Nullable Exchange calling,
      @Nullable Exchange down,
      @Nullable Exchange up,
      @Nullable Exchange app) {
    return new HalfHop(span, h.node(), h.netns(), h.startNanos(), calling, down, up, app, h.pool());
  }

  private static @Nullable Exchange received(@Nullable Exchange e, long at) {
    if (e == null) {
      return null;
    }
    Exchange.Marks m = e.marks();
    return Change.marks(
        e, new Exchange.Marks(at, at, at, at, m.sendFirstNanos(), m.sendLastNanos()));
  }

  private static @Nullable Exchange sent(@Nullable Exchange e, long at) {
    if (e == null) {
      return null;
    }
    Exchange.Marks m = e.marks();
    return Change.marks(
        e,
        new Exchange.Marks(
            m.readyFirstNanos(),
            m.readyLastNanos(),
            m.readFirstNanos(),
            m.readLastNanos(),
            at,
            at));
  }

  private static Outcome outcome(int code, String details, ResponseFlag... flags) {
    long bits = 0;
    for (ResponseFlag flag : flags) {
      bits |= flag.bit();
    }
    return new Outcome(code, details, bits, "", 1);
  }
}
