package io.hoptoll.correlator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hoptoll.correlator.JoinCounters.Count;
import io.hoptoll.model.Endpoint;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Hop;
import io.hoptoll.model.LogStream;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.Proxy;
import io.hoptoll.model.ResponseFlag;
import io.hoptoll.model.SidecarSpan;
import io.hoptoll.model.SpanDraft;
import io.hoptoll.model.UpstreamPool;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Requests of which all entries have surely come are not waited for; others are. */
class CompleteRequestsTest {
  private static final long KNOWN = Limits.CALLER_KNOWN_NANOS / Nanos.PER_SECOND + 1;
  private static final long WALL = 1_700_000_000L * Nanos.PER_SECOND;

  /** One worker's log of a pod, and the pod's address. */
  private record Log(LogStream stream, Endpoint pod) {
    Log another() {
      return new Log(new LogStream(stream.proxy(), "http"), pod);
    }
  }

  private final JoinCounters counters = new JoinCounters();
  private final List<PathNode> roots = new ArrayList<>();
  private final PathAssembly paths = new PathAssembly(counters, roots::add);
  private final LedgerBuilder ledgers = new LedgerBuilder(counters);
  private final Log load = log(1);
  private final Log front = log(2);
  private final Log back = log(3);
  private long now;

  /** When what comes next began. */
  private long begun;

  /** Of the servers' entries to come. */
  private SidecarSpan.Outcome answer = new SidecarSpan.Outcome(200, "via_upstream", 0, "", 1);

  private boolean tellsDurations = true;

  @Test
  void aRequestIsCompleteWhenWhatItsPodsWroteBeforeItsEndHasCome() {
    callersAreKnown();
    call(front, back, "a", 2);
    call(load, front, "a", 1);
    millisPass(200);
    assertEquals(0, roots.size(), "front may have called more");

    wroteLater(front);
    millisPass(200);
    assertEquals(0, roots.size(), "back may have called somebody");

    wroteLater(back);
    millisPass(100);
    assertEquals(List.of("a"), ids());
    assertEquals(1, roots.get(0).childCount());
    assertEquals(0, paths.waiting());
  }

  @Test
  void aWorkerThatWritesNothingHasARequestWaitAsLongAsItMayHoldEntries() {
    callersAreKnown();
    Log idle = front.another();
    call(load, front, "a", 1);
    paths.span(span(idle, "before", 0, false, back.pod));
    wroteLater(front);
    millisPass(1_000);
    assertEquals(0, roots.size());
    millisPass(400);
    assertEquals(List.of("a"), ids());

    paths.ended(idle.stream);
    millisPass(1_500);
    begin();
    call(load, front, "b", 1);
    wroteLater(front);
    millisPass(100);
    assertEquals(List.of("b"), ids());
  }

  @Test
  void anAppWhoseCallerGaveUpMayCallOn() {
    callersAreKnown();
    answer =
        new SidecarSpan.Outcome(0, "downstream_remote_disconnect", ResponseFlag.DC.bit(), "", 1);
    call(load, front, "a", 1);
    wroteLater(front);
    millisPass(1_000);
    assertEquals(0, roots.size());
    call(front, back, "a", 2);
    millisPass(500);
    assertEquals(List.of("a"), ids());
    assertEquals(1, roots.get(0).childCount());
  }

  /** As an app does that answers before it is done. */
  @Test
  void anAppWhoseCallsComeLateIsWaitedFor() {
    aCallThatComesAfterItsRequestIsNoRequest();
    begin();
    call(load, front, "b", 1);
    wroteLater(front);
    millisPass(1_000);
    call(front, back, "b", 2);
    millisPass(500);
    assertEquals(List.of("b"), ids());
    assertEquals(1, roots.get(0).childCount());
  }

  @Test
  void entriesThatTellNoEndSayNothingOfOthers() {
    tellsDurations = false;
    call(load, front, "first", 1);
    millisPass(1_000 * KNOWN);
    begin();
    aRequestWaitsForItsTime();
  }

  @Test
  void afterAStreamEndedEntriesMayBeOnTheirWayOnTheNext() {
    callersAreKnown();
    Log brief = front.another();
    paths.ended(brief.stream); // told before its only entry
    paths.span(span(brief, "before", 0, false, back.pod));
    Log other = front.another();
    paths.span(span(other, "before", 0, false, back.pod));
    paths.ended(front.stream);
    call(load, other, "a", 1);
    wroteLater(other);
    millisPass(1_000);
    assertEquals(0, roots.size());
    millisPass(500);
    begin();
    call(load, other, "b", 1);
    wroteLater(other);
    millisPass(100);
    assertEquals(List.of("b"), ids());
  }

  /** It called for its configuration before it was ready. */
  @Test
  void aPodThatCalledLongBeforeItServedIsFoundAsACaller() {
    call(front, back, "configuration", 1);
    millisPass(1_000 * KNOWN);
    begin();
    call(front, back, "a", 2);
    call(load, front, "a", 1);
    wroteLater(back);
    millisPass(2_000);
    assertEquals(List.of("a"), ids());
    assertEquals(1, roots.get(0).childCount());
  }

  @Test
  void aPodThatHasJustBegunToCallMayServe() {
    aRequestWaitsForItsTime();
  }

  @Test
  void anEntryThatIsStillInTheJoinsIsWaitedFor() {
    callersAreKnown();
    SidecarSpan called = span(front, "a", 2, false, back.pod);
    paths.span(called);
    call(load, front, "a", 1);
    wroteLater(front);
    millisPass(300);
    assertEquals(0, roots.size());

    paths.hop(hop(half(called), null), now);
    millisPass(100);
    assertEquals(List.of("a"), ids());
    assertEquals(1, roots.get(0).childCount());
  }

  @Test
  void whatTheKernelTellsOfItsSocketsIsWaitedFor() {
    callersAreKnown();
    SidecarSpan server = span(front, "a", 1, true, load.pod);
    Exchange accepted = World.steady("a").e4();
    HalfHop.Sockets sockets = new HalfHop.Sockets(null, accepted, null, null, UpstreamPool.UNKNOWN);
    HalfHop seen = new HalfHop(server, "", 0, server.startWallNanos() - WALL, sockets);
    paths.hop(hop(half(span(load, "a", 1, false, front.pod)), seen), now);
    wroteLater(front);
    millisPass(500);
    assertEquals(0, roots.size());
    millisPass(200);
    assertEquals(List.of("a"), ids());
  }

  /** A worker's first entries come on a stream of which nothing was known. */
  @Test
  void aCallThatComesAfterItsRequestIsNoRequest() {
    callersAreKnown();
    call(load, front, "a", 1);
    wroteLater(front);
    millisPass(100);
    assertEquals(List.of("a"), ids());

    call(front.another(), back, "a", 2);
    millisPass(2_000);
    assertEquals(List.of("a"), ids());
    assertEquals(1, counters.get(Count.HOP_LATE));
    assertEquals(0, paths.waiting());
  }

  @Test
  void callsOfAnAppThatForwardsNothingDoNotWaitForAParent() {
    callersAreKnown();
    call(load, front, "known-to-serve", 1);
    for (int i = 0; i < Limits.CALLS_OF_NOBODY; i++) {
      call(front, back, "own-" + i, 2);
    }
    millisPass(1_000);
    assertEquals(0, roots.size());
    millisPass(16_000);
    begin();

    call(front, back, "next", 2);
    wroteLater(back);
    millisPass(100);
    assertEquals(List.of("next"), ids());
  }

  @Test
  void anAppThatBeginsToForwardIsSoonKnownTo() {
    callsOfAnAppThatForwardsNothingDoNotWaitForAParent();
    begin();
    for (int i = 0; i < Limits.STILL_LOOKED_AT; i++) {
      call(front, back, "a" + i, 2);
      call(load, front, "a" + i, 1);
    }
    millisPass(3_000);
    begin();

    call(front, back, "b", 2);
    millisPass(100);
    call(load, front, "b", 1);
    wroteLater(front);
    wroteLater(back);
    millisPass(100);
    assertEquals(List.of("b"), ids());
    assertEquals(1, roots.get(0).childCount());
  }

  /** Though its pod has written later. */
  private void aRequestWaitsForItsTime() {
    call(load, front, "a", 1);
    wroteLater(front);
    millisPass(1_000);
    assertEquals(0, roots.size());
    millisPass(400);
    assertEquals(List.of("a"), ids());
  }

  private List<String> ids() {
    return roots.stream().map(r -> r.hop().requestId()).toList();
  }

  private void callersAreKnown() {
    call(load, front, "first", 1);
    millisPass(1_000 * KNOWN);
    assertEquals(List.of("first"), ids());
    begin();
  }

  private void begin() {
    begun = now;
    roots.clear();
  }

  /** The pod has written an entry of something else meanwhile. */
  private void wroteLater(Log log) {
    SidecarSpan other = span(log, "other", 60, true, load.pod);
    paths.span(other);
    paths.late(other);
  }

  /** A call whose two entries have come, and its hop. */
  private void call(Log from, Log to, String id, int startMillis) {
    SidecarSpan client = span(from, id, startMillis, false, to.pod);
    SidecarSpan server = span(to, id, startMillis, true, from.pod);
    paths.span(client);
    paths.span(server);
    paths.hop(hop(half(client), half(server)), now);
  }

  private void millisPass(long millis) {
    for (long end = now + millis * Nanos.PER_MILLI; now < end; now += 50 * Nanos.PER_MILLI) {
      paths.tick(now);
    }
  }

  private Hop hop(HalfHop client, @Nullable HalfHop server) {
    return new Hop(client, server, List.of(), ledgers.build(client, server, List.of()));
  }

  /** Of no pod that an agent sees. */
  private static HalfHop half(SidecarSpan span) {
    return new HalfHop(span, "", 0, span.startWallNanos() - WALL, HalfHop.Sockets.NONE);
  }

  /** It lasts until the 20th millisecond, less one for each that it starts later. */
  private SidecarSpan span(Log of, String id, int startMillis, boolean inbound, Endpoint peer) {
    long all = Math.max(1, 20 - 2 * startMillis) * Nanos.PER_MILLI;
    Endpoint own = of.pod;
    SpanDraft draft = new SpanDraft();
    if (inbound) {
      draft.addresses(peer, peer, own, own, own);
    } else {
      draft.addresses(own, own, peer, own, peer);
    }
    return draft
        .times(0, all / 4, all / 4, all / 2, all / 2, all, all, tellsDurations ? all : Nanos.UNSET)
        .bytes(100, 100, 100, 100)
        .request(id, id, "")
        .asked("GET", "svc", "/", "", inbound ? "inbound|9080||" : "outbound|9080||svc", "")
        .numbers(0, -1)
        .span(
            of.stream,
            SidecarSpan.Kind.END,
            SidecarSpan.Protocol.HTTP1,
            WALL + begun + startMillis * Nanos.PER_MILLI,
            inbound ? answer : new SidecarSpan.Outcome(200, "via_upstream", 0, "", 1));
  }

  private static Log log(int number) {
    String ip = "10.0.0." + number;
    Proxy proxy =
        new Proxy(
            "sidecar~" + ip,
            Proxy.Kind.SIDECAR,
            List.of(ip),
            "default",
            "pod-" + number,
            "workload-" + number,
            "",
            "");
    return new Log(new LogStream(proxy, "http"), Endpoint.parse(ip, 9_080));
  }
}
