package io.hoptoll.correlator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.model.Exchange;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Ledger;
import io.hoptoll.model.Leg;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.UpstreamPool;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sums, order and no negative leg, for any subset of sources missing and any mark corrupted. */
class LedgerPropertyTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void balancesWhateverIsMissing(int seed) {
    Random random = new Random(seed);
    World world = new World(seed, 4);
    LedgerBuilder builder = new LedgerBuilder(new JoinCounters());
    for (int i = 0; i < 20_000; i++) {
      World.Truth t = world.request("id-" + i);
      int half = random.nextInt(3);
      boolean otherNode = random.nextInt(4) == 0;
      HalfHop client = half == 1 ? null : half(random, t, true, World.NODE);
      HalfHop server = half == 2 ? null : half(random, t, false, otherNode ? "node-b" : World.NODE);
      check(builder.build(client, server, List.of()));
    }
  }

  private static void check(Ledger ledger) {
    long at = 0;
    for (Leg leg : ledger.legs()) {
      assertEquals(at, leg.startNanos());
      assertTrue(leg.nanos() > 0, leg.name());
      at += leg.nanos();
    }
    assertEquals(ledger.totalNanos(), at);
  }

  private static HalfHop half(Random random, World.Truth t, boolean client, String node) {
    var span = client ? t.client() : t.server();
    return new HalfHop(
        span,
        node,
        1,
        span.startWallNanos() - World.WALL_OFFSET,
        client ? maybe(random, t.e1()) : null,
        maybe(random, client ? t.e2() : t.e4()),
        maybe(random, client ? t.e3() : t.e5()),
        client ? null : maybe(random, t.e6()),
        new UpstreamPool(
            random.nextBoolean() ? Nanos.UNSET : near(random, t),
            random.nextBoolean()
                ? List.of()
                : List.of(new UpstreamPool.Connecting(near(random, t), near(random, t))),
            random.nextInt(2)));
  }

  private static long near(Random random, World.Truth t) {
    return t.e2().marks().readFirstNanos() + random.nextInt(200_000) - 50_000;
  }

  private static @Nullable Exchange maybe(Random random, Exchange e) {
    int fate = random.nextInt(10);
    if (fate == 0) {
      return null;
    }
    Exchange.Marks m = e.marks();
    Exchange.Marks marks =
        fate > 2
            ? m
            : new Exchange.Marks(
                spoil(random, m.readyFirstNanos()),
                spoil(random, m.readyLastNanos()),
                spoil(random, m.readFirstNanos()),
                spoil(random, m.readLastNanos()),
                spoil(random, m.sendFirstNanos()),
                spoil(random, m.sendLastNanos()));
    return Change.marks(e, marks);
  }

  private static long spoil(Random random, long mark) {
    return switch (random.nextInt(4)) {
      case 0 -> Nanos.UNSET;
      case 1 -> mark + random.nextInt(4_000_000) - 2_000_000;
      default -> mark;
    };
  }
}
