package io.hoptoll.correlator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.correlator.JoinCounters.Count;
import io.hoptoll.model.ClockSample;
import io.hoptoll.model.Endpoint;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.HalfHopReport;
import io.hoptoll.model.HalfHopSink;
import io.hoptoll.model.Hop;
import io.hoptoll.model.Leg;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.Proxy;
import io.hoptoll.model.SidecarSpan;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An agent that joins and a server that is told, in order and later, as by the wire. */
class NodeJoinTest {
  private static final int REQUESTS = 1_000;
  private static final long TICK = 50 * Nanos.PER_MILLI;

  private static final Proxy STRANGER =
      new Proxy("n", Proxy.Kind.SIDECAR, List.of("10.99.0.1"), "default", "x", "x", "", "1.40.0");

  private final Correlator server = new Correlator(Sensitivity.DEFAULT);
  private final List<Hop> hops = new ArrayList<>();

  /** On their way to the server. */
  private final Deque<Runnable> wire = new ArrayDeque<>();

  private final List<SidecarSpan> bare = new ArrayList<>();
  private final List<SidecarSpan> announced = new ArrayList<>();
  private final List<HalfHopReport> halves = new ArrayList<>();
  private final NodeJoin agent =
      new NodeJoin(
          new HalfHopSink() {
            @Override
            public void span(SidecarSpan span) {
              bare.add(span);
              wire.add(() -> server.span(span));
            }

            @Override
            public void announced(SidecarSpan span) {
              announced.add(span);
              wire.add(() -> server.announced(span));
            }

            @Override
            public void half(HalfHopReport half) {
              halves.add(half);
              wire.add(() -> server.half(half));
            }
          });

  private long nowNanos;

  NodeJoinTest() {
    server.onHop(hops::add);
    ClockSample clock = new ClockSample(World.NODE, 0, World.WALL_OFFSET, 500);
    server.clock(clock);
    agent.clock(clock);
    World.namespaces().forEach(server::namespace);
    World.namespaces().forEach(agent::namespace);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 5, 7})
  void everyRequestHasItsOwnSocketsInWhateverOrderTheyCome(long seed) {
    World world = new World(seed, 64);
    List<World.Truth> truths = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      truths.add(world.request("the-same-id"));
    }
    List<Runnable> arrivals = new ArrayList<>();
    for (World.Truth t : truths) {
      t.ends().forEach(e -> arrivals.add(() -> exchange(e)));
      arrivals.add(() -> agent.span(t.client(), nowNanos));
      arrivals.add(() -> agent.span(t.server(), nowNanos));
    }
    Random random = new Random(seed);
    Collections.shuffle(arrivals, random);
    for (Runnable arrival : arrivals) {
      arrival.run();
      if (random.nextInt(200) == 0) {
        pass(TICK);
      }
    }
    pass(30 * Nanos.PER_SECOND);

    assertEquals(REQUESTS, hops.size());
    Map<Object, World.Truth> bySpan = new IdentityHashMap<>();
    truths.forEach(t -> bySpan.put(t.client(), t));
    for (Hop hop : hops) {
      isWhole(hop, Objects.requireNonNull(bySpan.get(hop.outer().span())));
    }
    assertEquals(2 * REQUESTS, server.counters().get(Count.HALVES_REPORTED));
    assertEquals(REQUESTS, server.counters().get(Count.HOPS_FULL));
    assertEquals(0, server.counters().get(Count.REPORTED_EXCHANGE_MISSING));
    assertEquals(0, server.counters().get(Count.EXCHANGES_UNCLAIMED), "all are claimed");
    assertEquals(List.of(), bare);
    assertTrue(!announced.isEmpty() && announced.size() < 2 * REQUESTS, "those that had to wait");
  }

  private static void isWhole(Hop hop, World.Truth truth) {
    HalfHop client = Objects.requireNonNull(hop.client());
    HalfHop serving = Objects.requireNonNull(hop.server());
    assertSame(truth.server(), serving.span());
    assertSame(truth.e1(), client.callingApp());
    assertSame(truth.e2(), client.downstream());
    assertSame(truth.e3(), client.upstream());
    assertSame(truth.e4(), serving.downstream());
    assertSame(truth.e5(), serving.upstream());
    assertSame(truth.e6(), serving.servingApp());
    long sum = hop.ledger().legs().stream().mapToLong(Leg::nanos).sum();
    assertEquals(truth.e1().marks().readLastNanos() - truth.e1().marks().sendFirstNanos(), sum);
  }

  @Test
  void entriesOfConnectionsAndOfPodsElsewhereGoOnAsTheyCame() {
    World.Truth t = World.steady("id");
    SidecarSpan tcp = with(t.client(), t.client().proxy(), SidecarSpan.Protocol.TCP);
    SidecarSpan elsewhere = with(t.server(), STRANGER, SidecarSpan.Protocol.HTTP1);
    agent.span(tcp, 0);
    agent.span(elsewhere, 0);
    pass(Limits.SPAN_WAIT_NANOS);

    assertEquals(List.of(tcp, elsewhere), bare);
    assertEquals(List.of(), halves);
    assertEquals(2, server.counters().get(Count.SPANS_IN));
  }

  @Test
  void anEntryWhoseSocketsDoNotComeIsAnnouncedOnceAndGivenUp() {
    World.Truth t = World.steady("id");
    agent.span(t.client(), 0);
    pass(TICK);
    assertEquals(List.of(t.client()), announced);
    assertEquals(List.of(), halves);
    pass(Limits.SPAN_WAIT_NANOS);

    assertEquals(1, announced.size());
    assertEquals(1, halves.size());
    assertTrue(halves.get(0).announced());
    assertInstanceOf(HalfHopReport.Absent.class, halves.get(0).downstream());
    assertEquals(1, server.counters().get(Count.SPAN_NO_DOWNSTREAM_SOCKET));
    pass(Limits.HALF_WAIT_NANOS);
    assertEquals(1, hops.size());
  }

  @Test
  void whatWaitsWhenTheAgentEndsIsToldAsItIs() {
    World.Truth t = World.steady("id");
    exchange(t.e2());
    agent.span(t.client(), 0);
    agent.close(nowNanos);

    assertEquals(1, halves.size());
    assertInstanceOf(HalfHopReport.Named.class, halves.get(0).downstream());
    assertInstanceOf(HalfHopReport.Absent.class, halves.get(0).upstream());
  }

  /** The agent's buffer overflowed, or another server had acknowledged them. */
  @Test
  void exchangesThatAHalfNamesAndThatDidNotComeAreCounted() {
    World.Truth t = World.steady("id");
    t.ends().forEach(e -> agent.exchange(e, nowNanos));
    agent.span(t.client(), 0);
    agent.span(t.server(), 0);
    pass(Nanos.PER_SECOND);

    assertEquals(6, server.counters().get(Count.REPORTED_EXCHANGE_MISSING));
    assertEquals(1, server.counters().get(Count.HOPS_PARTIAL));
  }

  /** An entry that came to the server itself has taken it. */
  @Test
  void anExchangeIsClaimedOnce() {
    World.Truth t = World.steady("id");
    t.ends().forEach(this::exchange);
    agent.span(t.client(), 0);
    drain();
    server.half(halves.get(0));

    assertEquals(3, server.counters().get(Count.EXCHANGE_TAKEN));
  }

  private static SidecarSpan with(SidecarSpan s, Proxy proxy, SidecarSpan.Protocol protocol) {
    return new SidecarSpan(
        proxy,
        s.logName(),
        s.kind(),
        protocol,
        s.startWallNanos(),
        s.times(),
        new SidecarSpan.Addresses(
            s.downstreamDirectRemote(),
            s.downstreamRemote(),
            s.downstreamLocal(),
            s.upstreamLocal(),
            Endpoint.parse("10.99.0.2", 80)),
        s.request(),
        s.outcome(),
        s.bytes());
  }

  private void exchange(Exchange e) {
    wire.add(() -> server.exchange(e));
    agent.exchange(e, nowNanos);
  }

  private void pass(long nanos) {
    for (long end = nowNanos + nanos; nowNanos < end; ) {
      nowNanos += TICK;
      agent.tick(nowNanos);
      drain();
      server.tick(nowNanos, World.WALL_OFFSET + nowNanos);
    }
  }

  private void drain() {
    while (!wire.isEmpty()) {
      wire.removeFirst().run();
    }
  }
}
