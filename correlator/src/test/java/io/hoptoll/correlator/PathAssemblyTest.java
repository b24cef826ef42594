package io.hoptoll.correlator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.correlator.JoinCounters.Count;
import io.hoptoll.correlator.PathNode.Link;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Hop;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.SidecarSpan;
import io.hoptoll.model.UpstreamPool;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Calls that a pod makes while it serves, with and without headers that name the request. */
class PathAssemblyTest {
  private static final long POD = 12;
  private static final long OTHER_POD = 13;
  private static final int APP = 106;

  private final JoinCounters counters = new JoinCounters();
  private final List<PathNode> roots = new ArrayList<>();
  private final PathAssembly paths = new PathAssembly(counters, roots::add);
  private final LedgerBuilder ledgers = new LedgerBuilder(counters);
  private final World.Truth t = World.steady("id");
  private final long servedAt = Objects.requireNonNull(t.e6()).marks().readFirstNanos();
  private long now;

  @Test
  void aCallWithoutHeadersGoesToTheRequestThatItsThreadServed() {
    paths.hop(served("a", 0, 7), 0);
    paths.hop(served("b", 0, 8), 0);
    paths.hop(called("x", 10_000, 8), 0);
    pass(20);

    assertEquals(2, roots.size());
    PathNode parent = roots.stream().filter(r -> r.hop().requestId().equals("b")).findFirst().get();
    assertEquals(Link.INFERRED, parent.children().get(0).link());
    assertEquals(1, counters.get(Count.PARENTS_INFERRED));
  }

  /** Streams of one burst are read at the same instant. */
  @Test
  void requestsThatBeganAtOnceAreForgottenAll() {
    paths.hop(served("a", 0, 7), 0);
    paths.hop(served("b", 0, 8), 0);
    paths.hop(served("c", 0, 9), 0);
    pass(20);
    paths.hop(called("x", 10_000, 8), now);
    pass(20);

    assertEquals(4, roots.size());
    assertEquals(0, counters.get(Count.HOP_LATE));
  }

  @Test
  void oneOfSeveralOnTheSameThreadIsNotGuessed() {
    paths.hop(served("a", 0, 7), 0);
    paths.hop(served("b", 1_000, 7), 0);
    paths.hop(called("x", 10_000, 7), 0);
    pass(20);

    assertEquals(3, roots.size());
    assertEquals(0, counters.get(Count.PARENTS_INFERRED));
  }

  @Test
  void whereTheAppForwardsHeadersACallWithoutIsItsOwn() {
    paths.hop(served("a", 0, 7), 0);
    paths.hop(called("a", 10_000, 7), 0);
    pass(5);
    paths.hop(served("b", 0, 7), now);
    paths.hop(called("x", 10_000, 9), now);
    pass(25);

    assertEquals(3, roots.size());
    assertEquals(Link.REQUEST_ID, roots.get(0).children().get(0).link());
  }

  /** The pod has never served before, so that only the entry says that the call has a parent. */
  @Test
  void aCallWaitsForTheHopWhoseEntryHasCome() {
    Hop parent = served("a", 0, 7);
    Hop child = called("a", 10_000, 7);
    for (Hop hop : List.of(parent, child)) {
      Stream.of(hop.client(), hop.server())
          .filter(Objects::nonNull)
          .forEach(half -> paths.span(half.span()));
    }
    paths.hop(child, 0);
    pass(3);
    paths.hop(parent, now);
    pass(20);

    assertEquals(1, roots.size());
    assertEquals(1, roots.get(0).children().size());
  }

  /** As a call does that was retried over a multiplexed connection: both make it come late. */
  @Test
  void whatAHopInTheMiddleCalledMayComeAsLateAsWhatTheFirstDid() {
    Hop first = served("a", 0, 7);
    Hop middle =
        hop(called("a", 10_000, 7).client(), in(OTHER_POD, served("a", 2_000_000, 8).server()));
    Hop last = hop(in(OTHER_POD, called("a", 2_010_000, 8).client()), null);
    for (Hop hop : List.of(first, middle, last)) {
      Stream.of(hop.client(), hop.server())
          .filter(Objects::nonNull)
          .forEach(half -> paths.span(half.span()));
    }
    paths.hop(first, 0);
    paths.hop(middle, 0);
    pass(4);
    paths.hop(last, now);
    pass(20);

    assertEquals(0, counters.get(Count.HOP_LATE));
    assertEquals(1, roots.size());
    assertEquals(1, roots.get(0).children().get(0).children().size());
  }

  @Test
  void aCallWaitsForTheEndOfWhatItWasMadeFor() {
    paths.hop(served("earlier", -9_000_000, 7), 0);
    pass(3);
    paths.hop(called("a", 10_000, 7), now);
    pass(8);
    paths.hop(served("a", 0, 7), now);
    pass(20);

    assertEquals(List.of("earlier", "a"), roots.stream().map(r -> r.hop().requestId()).toList());
    assertEquals(1, roots.get(1).children().size());
    assertEquals(0, counters.get(Count.HOP_LATE));
  }

  /** Two flushes and their delays pass before a server's half is here, whose caller never tells. */
  @Test
  void aCallWaitsForAServersHalfThatWaitedForItsCaller() {
    paths.hop(served("earlier", -9_000_000, 7), 0);
    pass(3);
    paths.hop(called("a", 10_000, 7), now);
    pass(2);
    long came = now;
    pass((int) (Limits.CALLER_WAIT_NANOS / Nanos.PER_SECOND));
    paths.hop(served("a", 0, 7), came);
    pass(20);

    assertEquals(List.of("earlier", "a"), roots.stream().map(r -> r.hop().requestId()).toList());
    assertEquals(1, roots.get(1).children().size());
  }

  /** Its half waited on for its caller, then came: the call's entry is still on its way. */
  @Test
  void anEntryThatWasLateCountsOnce() {
    HopJoin join = new HopJoin(ledgers, counters, paths::hop, paths);
    HalfHop parent = Objects.requireNonNull(served("a", 0, 7).server());
    Hop call = called("a", 10_000, 7);
    join.span(t.client(), 0); // a caller that logs
    paths.span(parent.span());
    join.half(parent, 0);
    for (; now + Nanos.PER_SECOND < Limits.CALLER_WAIT_NANOS; now += Nanos.PER_SECOND) {
      join.tick(now);
      paths.tick(now);
    }
    HalfHop caller = callerOf(parent);
    paths.span(Objects.requireNonNull(call.client()).span());
    paths.span(caller.span());
    join.half(caller, now);
    pass(3);
    assertEquals(0, roots.size());
    paths.hop(call, now);
    pass(20);

    assertEquals(1, roots.size());
    assertEquals(1, roots.get(0).children().size());
  }

  /** The caller's half of the hop that this one served. */
  private HalfHop callerOf(HalfHop server) {
    HalfHop h = Change.client(t);
    return Change.half(
        Change.requestId(h.span(), server.span().requestId()),
        h.node(),
        h.callingApp(),
        h.downstream(),
        h.upstream(),
        null,
        h.pool());
  }

  @Test
  void aCallOfAPodThatServesNothingIsARootAtOnce() {
    paths.hop(called("x", 0, 7), 0);
    pass(3);

    assertEquals(1, roots.size());
  }

  @Test
  void aRequestIsCompleteAnAccessLogFlushAfterItsRoot() {
    paths.hop(served("earlier", 0, 7), 0);
    paths.hop(called("earlier", 10_000, 7), 0);
    paths.hop(served("a", 0, 7), 0);
    passTenths(9);
    paths.hop(called("a", 10_000, 7), now);
    passTenths(4);

    assertEquals(List.of("earlier", "a"), roots.stream().map(r -> r.hop().requestId()).toList());
    assertEquals(1, roots.get(1).children().size());
    assertEquals(0, paths.waiting());
  }

  @Test
  void aCallThatSharesBothNamesIsTakenOnce() {
    paths.hop(traced(served("a", 0, 7)), 0);
    passTenths(9);
    paths.hop(traced(called("a", 10_000, 7)), now);
    passTenths(5);

    assertEquals(1, roots.size());
    assertEquals(1, roots.get(0).children().size());
    assertEquals(0, paths.waiting());
  }

  @Test
  void whereCallsBearNoNameARootWaitsForTheTurnOfThoseThatCameLate() {
    paths.hop(served("a", 0, 7), 0);
    passTenths(9);
    paths.hop(called("x", 10_000, 7), now);
    passTenths(14);
    assertEquals(0, roots.size());
    passTenths(4);

    assertEquals(1, roots.size());
    assertEquals(Link.INFERRED, roots.get(0).children().get(0).link());
  }

  /** While the last one's served as well (a hedge), which made no such call. */
  @Test
  void whatTheServerOfAnEarlierAttemptCalledIsTheRequestsToo() {
    paths.hop(served("earlier", -9_000_000, 7), 0);
    paths.hop(hop(null, in(OTHER_POD, served("earlier", -9_000_000, 8).server())), 0);
    pass(8);
    paths.hop(hop(in(OTHER_POD, called("a", 3_200_000, 8).client()), null), now);
    HalfHop server = Objects.requireNonNull(served("a", 3_000_000, 7).server());
    List<HalfHop> attempts = List.of(in(OTHER_POD, served("a", 2_000_000, 8).server()));
    paths.hop(new Hop(null, server, attempts, ledgers.build(null, server, attempts)), now);
    pass(20);

    assertEquals(
        List.of("earlier", "earlier", "a"), roots.stream().map(r -> r.hop().requestId()).toList());
    PathNode root = roots.get(2);
    assertEquals(1, root.childCount());
    assertTrue(root.child(0).isOfAttempt());
    assertEquals(
        CriticalPath.charges(new PathNode(root.hop(), root.edge())).size(),
        CriticalPath.charges(root).size());
    assertEquals(0, paths.waiting());
  }

  private void pass(int seconds) {
    passTenths(10 * seconds);
  }

  private void passTenths(int tenths) {
    for (int i = 0; i < tenths; i++) {
      now += Nanos.PER_SECOND / 10;
      paths.tick(now);
    }
  }

  /** Served by the pod from {@link #servedAt} on, for 2 ms, by this thread. */
  private Hop served(String id, long later, int thread) {
    HalfHop h = Change.server(t);
    Exchange app = owned(Objects.requireNonNull(Change.later(t.e6(), later)), thread);
    return hop(null, half(h, id, null, app, later));
  }

  /** Made by the pod, and over within 1 ms. */
  private Hop called(String id, long later, int thread) {
    HalfHop h = Change.client(t);
    long begin = servedAt + later;
    Exchange.Marks m =
        new Exchange.Marks(
            begin + 500_000, begin + 500_000, begin + 500_000, begin + 600_000, begin, begin);
    Exchange app = owned(Change.marks(t.e1(), m), thread);
    SidecarSpan span = h.span();
    long shift = begin - t.e1().marks().sendFirstNanos();
    return hop(
        half(Change.half(span, World.NODE, app, null, null, null, h.pool()), id, app, null, shift),
        null);
  }

  private Hop traced(Hop hop) {
    return hop(traced(hop.client()), traced(hop.server()));
  }

  private static @Nullable HalfHop traced(@Nullable HalfHop h) {
    if (h == null) {
      return null;
    }
    return new HalfHop(
        Change.traceparent(h.span(), "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
        h.node(),
        h.netns(),
        h.startNanos(),
        h.callingApp(),
        h.downstream(),
        h.upstream(),
        h.servingApp(),
        h.pool());
  }

  private Hop hop(@Nullable HalfHop client, @Nullable HalfHop server) {
    return new Hop(client, server, List.of(), ledgers.build(client, server, List.of()));
  }

  private static HalfHop in(long netns, @Nullable HalfHop half) {
    HalfHop h = Objects.requireNonNull(half);
    return new HalfHop(
        h.span(),
        h.node(),
        netns,
        h.startNanos(),
        h.callingApp(),
        h.downstream(),
        h.upstream(),
        h.servingApp(),
        h.pool());
  }

  private static HalfHop half(
      HalfHop h, String id, @Nullable Exchange calling, @Nullable Exchange serving, long later) {
    return new HalfHop(
        Change.requestId(h.span(), id),
        World.NODE,
        POD,
        h.startNanos() + later,
        calling,
        null,
        null,
        serving,
        UpstreamPool.UNKNOWN);
  }

  private static Exchange owned(Exchange e, int thread) {
    return Change.owner(e, new Exchange.Owner(APP, thread, "app"));
  }
}
