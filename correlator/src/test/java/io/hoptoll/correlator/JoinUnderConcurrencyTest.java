package io.hoptoll.correlator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.hoptoll.correlator.JoinCounters.Count;
import io.hoptoll.model.ClockSample;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Hop;
import io.hoptoll.model.Leg;
import io.hoptoll.model.Nanos;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** 64 connections, all requests with one and the same id, records in any order: no wrong pair. */
class JoinUnderConcurrencyTest {
  private static final int REQUESTS = 1_500;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 5, 7, 11, 13})
  void joinsEveryRequestWithItsOwnSockets(long seed) {
    World world = new World(seed, 64);
    List<World.Truth> truths = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      truths.add(world.request("the-same-id"));
    }
    List<Hop> hops = join(truths, new Random(seed));

    assertEquals(REQUESTS, hops.size());
    Map<Object, World.Truth> byClientSpan = new IdentityHashMap<>();
    truths.forEach(t -> byClientSpan.put(t.client(), t));
    for (Hop hop : hops) {
      HalfHop client = Objects.requireNonNull(hop.client());
      HalfHop server = Objects.requireNonNull(hop.server());
      World.Truth truth = Objects.requireNonNull(byClientSpan.get(client.span()));
      assertSame(truth.server(), server.span());
      assertSame(truth.e1(), client.callingApp());
      assertSame(truth.e2(), client.downstream());
      assertSame(truth.e3(), client.upstream());
      assertSame(truth.e4(), server.downstream());
      assertSame(truth.e5(), server.upstream());
      assertSame(truth.e6(), server.servingApp());
      long sum = hop.ledger().legs().stream().mapToLong(Leg::nanos).sum();
      assertEquals(truth.e1().marks().readLastNanos() - truth.e1().marks().sendFirstNanos(), sum);
      assertEquals(List.of(), hop.ledger().mergedMarks());
    }
  }

  private static List<Hop> join(List<World.Truth> truths, Random random) {
    Correlator correlator = new Correlator(Sensitivity.DEFAULT);
    List<Hop> hops = new ArrayList<>();
    correlator.onHop(hops::add);
    correlator.clock(new ClockSample(World.NODE, 0, World.WALL_OFFSET, 500));
    World.namespaces().forEach(correlator::namespace);
    List<Runnable> arrivals = new ArrayList<>();
    for (World.Truth t : truths) {
      t.ends().forEach(e -> arrivals.add(() -> correlator.exchange(e)));
      arrivals.add(() -> correlator.span(t.client()));
      arrivals.add(() -> correlator.span(t.server()));
    }
    Collections.shuffle(arrivals, random);
    arrivals.forEach(Runnable::run);
    for (long now = 0; now < 10 * Nanos.PER_SECOND; now += 50 * Nanos.PER_MILLI) {
      correlator.tick(now, World.WALL_OFFSET + now);
    }
    assertEquals(0, correlator.counters().get(Count.EXCHANGE_TAKEN));
    return hops;
  }
}
