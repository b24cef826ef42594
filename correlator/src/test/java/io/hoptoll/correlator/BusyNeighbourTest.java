package io.hoptoll.correlator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.correlator.JoinCounters.Count;
import io.hoptoll.model.ClockSample;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.Nanos;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A pod beside the mesh makes more exchanges than there is room for: the mesh's stay. */
class BusyNeighbourTest {
  private static final long NEIGHBOUR = 99;

  private final Correlator correlator = new Correlator(Sensitivity.DEFAULT);
  private final World world = new World(1, 1);
  private long now;

  @Test
  void itDoesNotPushOutWhatEntriesWillAskFor() {
    correlator.clock(new ClockSample(World.NODE, 0, World.WALL_OFFSET, 500));
    World.namespaces().forEach(correlator::namespace);
    World.Truth first = world.request("first");
    first.ends().forEach(correlator::exchange);
    entries(first);
    pass();

    World.Truth next = world.request("next");
    next.ends().forEach(correlator::exchange);
    Exchange theirs = Objects.requireNonNull(next.e6());
    for (int i = 0; i < Limits.EXCHANGES + Limits.EXCHANGES_OF_OTHERS; i++) {
      correlator.exchange(
          Change.place(theirs, theirs.node(), NEIGHBOUR, 1_000_000 + i / 100, i % 100));
    }
    entries(next);
    pass();

    assertEquals(2, correlator.counters().get(Count.HOPS_FULL));
    assertTrue(correlator.counters().get(Count.DROPPED_EXCHANGES) >= Limits.EXCHANGES);
  }

  private void entries(World.Truth truth) {
    correlator.span(truth.client());
    correlator.span(truth.server());
  }

  private void pass() {
    for (int i = 0; i < 100; i++) {
      now += 50 * Nanos.PER_MILLI;
      correlator.tick(now, World.WALL_OFFSET + now);
    }
  }
}
