package io.hoptoll.correlator;

import static io.hoptoll.model.UpstreamPool.UNKNOWN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.correlator.JoinCounters.Count;
import io.hoptoll.model.ClockSample;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.HalfHopReport;
import io.hoptoll.model.Nanos;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Sockets see every request; of the entries some never come. */
class AccessLogLossTest {
  private static final int REQUESTS = 4_000;
  private static final int LANES = 8;

  private final Correlator correlator = new Correlator(Sensitivity.DEFAULT);
  private final Random random = new Random(4);

  /** Entries of one side that were lost. */
  private int run(int lostOf100) {
    World world = new World(9, LANES);
    correlator.clock(new ClockSample(World.NODE, 0, World.WALL_OFFSET, 500));
    World.namespaces().forEach(correlator::namespace);
    int lost = 0;
    for (int i = 0; i < REQUESTS; i++) {
      World.Truth t = world.request("r" + i);
      t.ends().forEach(correlator::exchange);
      correlator.span(t.client());
      if (random.nextInt(100) < lostOf100) {
        lost++;
      } else {
        correlator.span(t.server());
      }
      correlator.tick(i * Nanos.PER_MILLI, World.WALL_OFFSET + i * Nanos.PER_MILLI);
    }
    for (long now = REQUESTS * Nanos.PER_MILLI;
        now < 40 * Nanos.PER_SECOND;
        now += 50 * Nanos.PER_MILLI) {
      correlator.tick(now, World.WALL_OFFSET + now);
    }
    return lost;
  }

  @Test
  void lossIsThatOfTheSidecarWhoseEntriesAreLost() {
    int lost = run(10);
    long untold = correlator.counters().get(Count.REQUESTS_NOT_LOGGED);
    // of each connection the last turn, which may go on, is not counted
    assertTrue(lost - LANES <= untold && untold <= lost, untold + " of " + lost);
    assertEquals(
        2L * REQUESTS - 2 * LANES,
        untold + correlator.counters().get(Count.REQUESTS_LOGGED),
        LANES);
    List<AccessLogLoss.Told> pods = correlator.accessLogs();
    assertEquals("reviews.default", pods.get(0).pod());
    assertEquals(untold, pods.get(0).untold());
    assertEquals("productpage.default", pods.get(1).pod());
    assertEquals(0, pods.get(1).untold());
  }

  /** HTTP/2 inside TLS: its turns look like requests that nobody told. */
  @Test
  void aSocketThatCarriesStreamsIsNotCompared() {
    World world = new World(9, 1);
    correlator.clock(new ClockSample(World.NODE, 0, World.WALL_OFFSET, 500));
    World.namespaces().forEach(correlator::namespace);
    for (int i = 0; i < 10; i++) {
      World.Truth t = world.request("r" + i);
      t.ends().forEach(correlator::exchange);
      Exchange stream = Change.flags(t.e4(), Exchange.TLS | Exchange.SHARED);
      HalfHop half = Change.half(t.server(), World.NODE, null, stream, null, t.e6(), UNKNOWN);
      correlator.half(HalfHopReport.of(half, false));
    }
    for (long now = 0; now < 40 * Nanos.PER_SECOND; now += 50 * Nanos.PER_MILLI) {
      correlator.tick(now, World.WALL_OFFSET + now);
    }
    assertEquals(0, correlator.counters().get(Count.REQUESTS_NOT_LOGGED));
  }

  @Test
  void whereAllCameNoneIsMissed() {
    run(0);
    assertEquals(0, correlator.counters().get(Count.REQUESTS_NOT_LOGGED));
  }
}
