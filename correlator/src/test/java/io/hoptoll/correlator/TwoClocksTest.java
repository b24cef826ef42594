package io.hoptoll.correlator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.model.ClockOffset;
import io.hoptoll.model.ClockSample;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Hop;
import io.hoptoll.model.Ledger;
import io.hoptoll.model.Leg;
import io.hoptoll.model.LegKind;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.NetworkNamespace;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Client and server on two nodes: what is told of transport's two ways, against the truth. */
class TwoClocksTest {
  private static final String FAR = "node-b";
  private static final long BOTH =
      LegKind.TRANSPORT_REQUEST.bit() | LegKind.TRANSPORT_RESPONSE.bit();

  private static long requestWay(World.Truth t) {
    return t.e4().marks().readyFirstNanos() - t.e3().marks().sendFirstNanos();
  }

  private static long responseWay(World.Truth t) {
    return t.e3().marks().readyFirstNanos() - t.e4().marks().sendFirstNanos();
  }

  private static long transport(Ledger ledger) {
    return ledger.legs().stream().filter(l -> (l.kinds() & ~BOTH) == 0).mapToLong(Leg::nanos).sum();
  }

  /** In any order: told apart, each way is right to the bound, and the sum to the nanosecond. */
  @ParameterizedTest
  @CsvSource({
    "1, 3000000000, 0",
    "2, -3000000000, 50e-6",
    "3, 3000000000, -50e-6",
    "4, 900000000000000000, 0"
  })
  void bothWaysAreRightToTheBound(int seed, long ahead, double drift) {
    World world = new World(seed, 4);
    List<World.Truth> truths = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      truths.add(world.request("id-" + i));
    }
    Random random = new Random(seed);
    for (int i = 0; i < truths.size(); i += 100) {
      Collections.shuffle(truths.subList(i, i + 100), random);
    }
    LedgerBuilder builder = new LedgerBuilder(new JoinCounters());
    int told = 0;
    for (World.Truth t : truths) {
      long at = t.e4().marks().readyFirstNanos();
      HalfHop far = Change.node(Change.server(t), FAR, ahead + Math.round(drift * at));
      Ledger ledger = builder.build(Change.client(t), far, List.of());
      told += check(ledger, t) ? 1 : 0;
    }
    assertTrue(told > 2_000, "told apart: " + told);
  }

  private static boolean check(Ledger ledger, World.Truth t) {
    assertEquals(requestWay(t) + responseWay(t), transport(ledger));
    ClockOffset clocks = ledger.clocks();
    assertNotNull(clocks);
    if (!clocks.applied()) {
      assertEquals(0, ledger.nanosOf(LegKind.TRANSPORT_REQUEST));
      return false;
    }
    long error = Math.abs(ledger.nanosOf(LegKind.TRANSPORT_REQUEST) - requestWay(t));
    assertTrue(error <= clocks.boundNanos(), () -> error + " ns, bound " + clocks);
    assertTrue(4 * clocks.boundNanos() <= transport(ledger), clocks::toString);
    return true;
  }

  /** Sums, order and no negative leg, whatever marks are missing or wrong, on any two clocks. */
  @ParameterizedTest
  @CsvSource({"1, 0", "2, 3000000000", "3, -3000000000", "4, 900000000000000000"})
  void balancesWhateverIsMissing(int seed, long ahead) {
    Random random = new Random(seed);
    World world = new World(seed, 4);
    LedgerBuilder builder = new LedgerBuilder(new JoinCounters());
    for (int i = 0; i < 20_000; i++) {
      World.Truth t = world.request("id-" + i);
      HalfHop client = spoilt(random, Change.client(t));
      HalfHop server = Change.node(spoilt(random, Change.server(t)), FAR, ahead);
      Ledger ledger = builder.build(client, server, List.of());
      long at = 0;
      for (Leg leg : ledger.legs()) {
        assertEquals(at, leg.startNanos());
        assertTrue(leg.nanos() > 0, leg.name());
        at += leg.nanos();
      }
      assertEquals(ledger.totalNanos(), at);
    }
  }

  private static HalfHop spoilt(Random random, HalfHop h) {
    return new HalfHop(
        h.span(),
        h.node(),
        h.netns(),
        h.startNanos(),
        h.callingApp(),
        spoilt(random, h.downstream()),
        spoilt(random, h.upstream()),
        spoilt(random, h.servingApp()),
        h.pool());
  }

  private static @Nullable Exchange spoilt(Random random, @Nullable Exchange e) {
    return switch (random.nextInt(8)) {
      case 0 -> null;
      case 1 -> Change.later(e, random.nextInt(4_000_000) - 2_000_000);
      default -> e;
    };
  }

  /** The server's node is 3 s ahead or behind by its wall clock too, and its clock drifts. */
  @ParameterizedTest
  @CsvSource({"3, 40e-6", "-3, -40e-6"})
  void hopsAreWholeBetweenNodesWhoseWallClocksDisagree(int seconds, double drift) {
    Correlator correlator = new Correlator(Sensitivity.DEFAULT);
    List<Hop> hops = new ArrayList<>();
    correlator.onHop(hops::add);
    long wallAhead = seconds * Nanos.PER_SECOND;
    for (long t = 0; t < 60 * Nanos.PER_SECOND; t += Nanos.PER_SECOND) {
      long far = t + ahead(t, drift);
      correlator.clock(new ClockSample(World.NODE, t, World.WALL_OFFSET, 500));
      correlator.clock(new ClockSample(FAR, far, World.WALL_OFFSET + t + wallAhead - far, 500));
    }
    NetworkNamespace there = World.namespaces().get(1);
    correlator.namespace(World.namespaces().get(0));
    correlator.namespace(new NetworkNamespace(FAR, there.netns(), there.addresses()));
    Map<String, World.Truth> truths = new HashMap<>();
    World world = new World(5, 4);
    long now = 0;
    for (int i = 0; i < 800; i++) {
      World.Truth t = world.request("id-" + i);
      truths.put("id-" + i, t);
      tell(correlator, t, wallAhead, drift);
      now = t.e1().marks().readLastNanos();
      correlator.tick(now, World.WALL_OFFSET + now);
    }
    for (long end = now + 10 * Nanos.PER_SECOND; now < end; now += 50 * Nanos.PER_MILLI) {
      correlator.tick(now, World.WALL_OFFSET + now);
    }
    assertEquals(800, hops.size());
    assertEquals(1, correlator.joinedShare());
    long told = hops.stream().filter(h -> check(h.ledger(), truth(truths, h))).count();
    assertTrue(told > 200, "told apart: " + told);
  }

  /** What the far node's sidecar waited for is cut where it was, by whatever its clock reads. */
  @ParameterizedTest
  @CsvSource({"0", "3000000000", "-3000000000"})
  void theFarSidecarsConnectIsItsOwnLeg(long ahead) {
    World.Truth t = World.steady("id");
    long read = t.e4().marks().readFirstNanos();
    long sent = t.e5().marks().sendFirstNanos();
    long third = (sent - read) / 3;
    HalfHop server = Change.server(t);
    Exchange e5 =
        Change.opening(
            t.e5(),
            new Exchange.Opening(
                read + third + ahead,
                read + 2 * third + ahead,
                Nanos.UNSET,
                Nanos.UNSET,
                Nanos.UNSET,
                0));
    HalfHop near = Change.half(server.span(), World.NODE, null, t.e4(), e5, t.e6(), server.pool());
    LedgerBuilder builder = new LedgerBuilder(new JoinCounters());
    Ledger ledger = builder.build(Change.client(t), Change.node(near, FAR, ahead), List.of());
    assertEquals(third, ledger.nanosOf(LegKind.SERVER_APP_CONNECT));
  }

  private static World.Truth truth(Map<String, World.Truth> truths, Hop hop) {
    return Objects.requireNonNull(truths.get(hop.requestId()));
  }

  /** Of the far node's monotonic clock: it was booted at another time. */
  private static long ahead(long nanos, double drift) {
    return 77_777 * Nanos.PER_SECOND + Math.round(drift * nanos);
  }

  private static void tell(Correlator c, World.Truth t, long wallAhead, double drift) {
    List.of(t.e1(), t.e2(), t.e3()).forEach(c::exchange);
    for (Exchange e : List.of(t.e4(), t.e5(), t.e6())) {
      Exchange far = Change.later(e, ahead(t.e4().marks().readyFirstNanos(), drift));
      c.exchange(on(FAR, Objects.requireNonNull(far)));
    }
    c.span(t.client());
    c.span(Change.wallClock(t.server(), wallAhead));
  }

  private static Exchange on(String node, Exchange e) {
    return Change.place(e, node, e.netns(), e.socketId(), e.turn());
  }

  /** What a person reads: the difference and its bound, and what they are good for. */
  @Test
  void theBoundIsInTheExplanation() {
    LedgerBuilder builder = new LedgerBuilder(new JoinCounters());
    World world = new World(9, 4);
    List<String> words = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      World.Truth t = world.request("id-" + i);
      HalfHop far = Change.node(Change.server(t), FAR, -3 * Nanos.PER_SECOND);
      Ledger ledger = builder.build(Change.client(t), far, List.of());
      words.add(Explanation.of(new Hop(Change.client(t), far, List.of(), ledger)).clocks());
    }
    assertTrue(words.get(0).contains("which are one leg"), words.get(0));
    assertTrue(
        words.stream().anyMatch(w -> w.matches(".*-(3.0000|2.9999).*each wrong by that.*")),
        words.get(199));
    World.Truth t = world.request("id");
    Ledger one = builder.build(Change.client(t), Change.server(t), List.of());
    Hop hop = new Hop(Change.client(t), Change.server(t), List.of(), one);
    assertEquals("", Explanation.of(hop).clocks());
  }
}
