package io.hoptoll.correlator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.correlator.JoinCounters.Count;
import io.hoptoll.model.ClockSample;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Hop;
import io.hoptoll.model.Leg;
import io.hoptoll.model.LegKind;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.ResponseFlag;
import io.hoptoll.model.SidecarSpan;
import io.hoptoll.model.SidecarSpan.Kind;
import io.hoptoll.model.SocketTuple;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Turns of plain TCP connections find their sockets by the entry of the connection. */
class TcpJoinTest {
  private static final String CLUSTER = "outbound|9090||reviews.default.svc.cluster.local";
  private static final long CONNECTED = 1;
  private static final SidecarSpan.Outcome FINE = new SidecarSpan.Outcome(0, "", 0, "", 0);

  private final Correlator correlator = new Correlator(Sensitivity.DEFAULT);
  private final List<Hop> hops = new ArrayList<>();
  private long nowNanos;

  TcpJoinTest() {
    correlator.onHop(hops::add);
    correlator.clock(new ClockSample(World.NODE, 0, World.WALL_OFFSET, 500));
    World.namespaces().forEach(correlator::namespace);
  }

  /** Whatever comes first, and whichever kind of entry names the connection. */
  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"START", "PERIODIC", "END"})
  void eachTurnHasItsOwnSockets(Kind kind) {
    List<World.Truth> truths = truths(new World(7, 16), 1_000);
    List<Runnable> arrivals = new ArrayList<>();
    for (World.Truth t : truths) {
      t.ends().forEach(e -> arrivals.add(() -> correlator.exchange(e)));
      arrivals.add(() -> correlator.span(client(t, kind, FINE)));
      arrivals.add(() -> correlator.span(server(t, kind, FINE)));
    }
    Collections.shuffle(arrivals, new Random(7));
    arrivals.forEach(Runnable::run);
    pass(12);

    assertEquals(truths.size(), hops.size());
    Map<Exchange, World.Truth> bySocket = new HashMap<>();
    truths.forEach(t -> bySocket.put(t.e2(), t));
    for (Hop hop : hops) {
      HalfHop client = Objects.requireNonNull(hop.client());
      HalfHop server = Objects.requireNonNull(hop.server());
      World.Truth truth = Objects.requireNonNull(bySocket.get(client.downstream()));
      assertSame(truth.e1(), client.callingApp());
      assertSame(truth.e3(), client.upstream());
      assertSame(truth.e4(), server.downstream());
      assertSame(truth.e5(), server.upstream());
      assertSame(truth.e6(), server.servingApp());
      long sum = hop.ledger().legs().stream().mapToLong(Leg::nanos).sum();
      assertEquals(truth.e1().marks().readLastNanos() - truth.e1().marks().sendFirstNanos(), sum);
      assertEquals(List.of(), hop.ledger().mergedMarks());
    }
    assertEquals(0, correlator.counters().get(Count.TCP_TURNS_AMBIGUOUS));
    assertEquals(Map.of("tcp:reviews:9090", (long) truths.size()), correlator.paths());
  }

  /** Istio's default: the one entry comes when the connection ends, minutes after its turns. */
  @Test
  void turnsWaitForAnEntryThatComesAtTheEnd() {
    World.Truth t = World.steady("");
    t.ends().forEach(correlator::exchange);
    pass(300);
    correlator.span(client(t, Kind.END, FINE));
    correlator.span(server(t, Kind.END, FINE));
    pass(12);
    assertEquals(1, hops.size());
    assertEquals(Map.of("tcp:reviews:9090", 1L), correlator.paths());
    assertTrue(hops.get(0).ledger().nanosOf(LegKind.SERVER_APP_SERVICE) > 0);
  }

  /** Two requests before the first answer: the proxy may have merged them, nobody can tell. */
  @Test
  void whatTheProxyMergedIsCountedNotGuessed() {
    World.Truth t = World.steady("");
    for (Exchange e : t.ends()) {
      correlator.exchange(e == t.e3() ? withBytesOut(e, 50) : e);
    }
    correlator.span(client(t, Kind.END, FINE));
    pass(12);
    assertEquals(List.of(), hops);
    assertEquals(1, correlator.counters().get(Count.TCP_TURNS_AMBIGUOUS));
  }

  /** The sidecar dials from a port from which another socket of its pod once reached it. */
  @Test
  void anAddressUsedBeforeIsNotTheServingApp() {
    World.Truth t = World.steady("");
    correlator.exchange(acceptedBefore(t.e2(), t.e3()));
    t.ends().forEach(correlator::exchange);
    correlator.span(client(t, Kind.END, FINE));
    correlator.span(server(t, Kind.END, FINE));
    pass(12);
    assertEquals(0, correlator.counters().get(Count.TCP_TURNS_AMBIGUOUS));
    assertSame(t.e6(), Objects.requireNonNull(hops.get(0).server()).servingApp());
  }

  private static Exchange acceptedBefore(Exchange accepted, Exchange dialling) {
    Exchange e = Objects.requireNonNull(Change.later(accepted, -900));
    return new Exchange(
        e.node(),
        e.netns(),
        e.socketId() + 1_000,
        e.turn(),
        e.emitNanos(),
        new SocketTuple(e.tuple().local(), dialling.tuple().local()),
        e.role(),
        e.flags(),
        e.owner(),
        e.opening(),
        e.marks(),
        e.volume(),
        e.tcp());
  }

  @Test
  void aConnectionThatFailedIsToldOnceAndAnEndWithoutCodeIsNone() {
    World.Truth t = World.steady("");
    t.ends().forEach(correlator::exchange);
    long reset = ResponseFlag.UF.bit();
    List<FinishedRequest> requests = new ArrayList<>();
    correlator.onRequest(requests::add);
    correlator.span(client(t, Kind.PERIODIC, FINE));
    correlator.span(server(t, Kind.PERIODIC, FINE));
    pass(4);
    assertFalse(hops.get(0).outer().span().isError());
    correlator.span(client(t, Kind.END, new SidecarSpan.Outcome(0, "", reset, "", 0)));
    correlator.span(client(t, Kind.END, new SidecarSpan.Outcome(0, "", reset, "", 0)));
    pass(20);
    assertEquals(1, hops.stream().filter(h -> h.outer().span().isError()).count());
    List<FinishedRequest> failed =
        requests.stream().filter(r -> r.root().hop().outer().span().isError()).toList();
    assertEquals(1, failed.size());
    assertEquals(Map.of(), failed.get(0).parties(), "nobody waited for its minute");
  }

  private static List<World.Truth> truths(World world, int n) {
    List<World.Truth> truths = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      truths.add(world.request(""));
    }
    return truths;
  }

  private void pass(int seconds) {
    long until = nowNanos + seconds * Nanos.PER_SECOND;
    for (; nowNanos < until; nowNanos += 50 * Nanos.PER_MILLI) {
      correlator.tick(nowNanos, World.WALL_OFFSET + nowNanos);
    }
  }

  private static SidecarSpan client(World.Truth t, Kind kind, SidecarSpan.Outcome outcome) {
    return entry(t.client(), CLUSTER, kind, outcome);
  }

  private static SidecarSpan server(World.Truth t, Kind kind, SidecarSpan.Outcome outcome) {
    return entry(t.server(), "inbound|9090||", kind, outcome);
  }

  /** The connection was accepted at time 1 ns; it ends a minute later. */
  private static SidecarSpan entry(
      SidecarSpan of, String cluster, Kind kind, SidecarSpan.Outcome outcome) {
    long no = Nanos.UNSET;
    long duration = kind == Kind.END ? 60 * Nanos.PER_SECOND : no;
    return new SidecarSpan(
        of.proxy(),
        "tcp",
        kind,
        SidecarSpan.Protocol.TCP,
        World.WALL_OFFSET + CONNECTED,
        new SidecarSpan.Times(no, no, no, no, no, no, no, duration),
        of.addresses(),
        new SidecarSpan.Request("", "uuid-of-" + cluster, "", "", "", "", "", cluster, "", 0, -1),
        outcome,
        of.bytes());
  }

  private static Exchange withBytesOut(Exchange e, long bytes) {
    Exchange.Volume v = e.volume();
    return Change.volume(
        e, new Exchange.Volume(v.bytesIn(), bytes, v.reads(), v.sends(), 0, v.readyEvents()));
  }
}
