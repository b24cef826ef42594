package io.hoptoll.correlator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.correlator.RequestSearch.Filter;
import io.hoptoll.correlator.RequestSearch.Order;
import io.hoptoll.correlator.RequestSearch.Position;
import io.hoptoll.model.ClockSample;
import io.hoptoll.model.Hop;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.Party;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sums by path and edge, and searches, against the hops themselves. */
class TrafficTest {
  private static final int REQUESTS = 300;
  private static final long FROM = World.WALL_OFFSET / Nanos.PER_SECOND - 1;
  private static final long TO = FROM + 60;
  private static final double ROUNDING = 1e-3;

  private final Correlator correlator = new Correlator(Sensitivity.DEFAULT);
  private final List<Hop> hops = new ArrayList<>();

  @BeforeEach
  void feed() {
    correlator.onHop(hops::add);
    correlator.clock(new ClockSample(World.NODE, 0, World.WALL_OFFSET, 500));
    World.namespaces().forEach(correlator::namespace);
    World world = new World(17, 16);
    for (int i = 0; i < REQUESTS; i++) {
      World.Truth t = world.request("id-" + i);
      t.ends().forEach(correlator::exchange);
      correlator.span(t.client());
      correlator.span(t.server());
    }
    for (long now = 0; now < 10 * Nanos.PER_SECOND; now += 50 * Nanos.PER_MILLI) {
      correlator.tick(now, World.WALL_OFFSET + now);
    }
    assertEquals(REQUESTS, hops.size());
  }

  @Test
  void aPathAndItsOneEdgeTellTheSameTimes() {
    Summary path =
        Objects.requireNonNull(correlator.traffic().paths(FROM, TO).get("/reviews"), "no path");
    List<Traffic.EdgeTraffic> edges = correlator.traffic().edges(FROM, TO);
    assertEquals(1, edges.size());
    Summary edge = edges.get(0).summary();
    assertEquals(new Edge("productpage.default", "reviews.default"), edges.get(0).edge());
    assertEquals(REQUESTS, path.requests());
    assertEquals(REQUESTS, edge.requests());
    assertEquals(0, edge.errors());
    double mean = totals().average().orElseThrow();
    assertEquals(mean, path.meanNanos(), ROUNDING);
    assertEquals(mean, edge.meanNanos(), ROUNDING);
    assertEquals(path.p99Nanos(), edge.p99Nanos(), ROUNDING);
    assertEquals(mean, sum(path), ROUNDING);
    assertEquals(mean, sum(edge), ROUNDING);
  }

  @Test
  void theStepsOfASeriesSumToTheWhole() {
    List<Summary> steps = correlator.traffic().path("/reviews", FROM, TO, 1);
    assertEquals(TO - FROM, steps.size());
    assertEquals(REQUESTS, steps.stream().mapToLong(Summary::requests).sum());
    Edge edge = new Edge("productpage.default", "reviews.default");
    List<Traffic.EdgeTraffic> calls = correlator.traffic().edge(edge, FROM, TO, 10);
    assertEquals(REQUESTS, calls.stream().mapToLong(e -> e.summary().requests()).sum());
  }

  @Test
  void thePartsOfTheTailGrowAndAreTheWholeTogether() {
    List<Traffic.TailPart> parts = correlator.traffic().tail("/reviews", FROM, TO);
    double last = 0;
    double sum = 0;
    for (Traffic.TailPart part : parts) {
      assertTrue(part.summary().meanNanos() >= last, parts::toString);
      last = part.summary().meanNanos();
      sum += (part.toRank() - part.fromRank()) * last;
    }
    assertEquals(totals().average().orElseThrow(), sum, ROUNDING);
  }

  @Test
  void pagesShowEveryRequestOnceInOrder() {
    for (Order order : Order.values()) {
      List<FinishedRequest> all = new ArrayList<>();
      Position after = null;
      List<FinishedRequest> page;
      do {
        page = correlator.search(new RequestSearch(Filter.ALL, order, after, 70));
        all.addAll(page);
        after = page.isEmpty() ? null : Position.of(page.get(page.size() - 1));
      } while (after != null);
      assertEquals(REQUESTS, all.stream().distinct().count());
      assertEquals(REQUESTS, all.size());
      for (int i = 1; i < all.size(); i++) {
        FinishedRequest a = all.get(i - 1);
        FinishedRequest b = all.get(i);
        boolean right =
            order == Order.NEWEST ? a.sequence() > b.sequence() : a.totalNanos() >= b.totalNanos();
        assertTrue(right, order + " at " + i);
      }
    }
  }

  @Test
  void filtersAreAnd() {
    long median = totals().sorted().skip(REQUESTS / 2).findFirst().orElseThrow();
    assertEquals(totals().filter(n -> n >= median).count(), found("/reviews", 200, null, median));
    assertEquals(0, found("/elsewhere", 200, null, 0));
    assertEquals(0, found("/reviews", 500, null, 0));
    long byParty = 0;
    for (Party party : Party.values()) {
      byParty += found("/reviews", 200, party, 0);
    }
    assertEquals(REQUESTS, byParty);
  }

  private long found(
      String path, int code, @org.jspecify.annotations.Nullable Party party, long min) {
    Filter filter = new Filter(path, code, code + 99, party, null, null, min, 0, Long.MAX_VALUE);
    return correlator.search(new RequestSearch(filter, Order.SLOWEST, null, REQUESTS)).size();
  }

  private LongStream totals() {
    return hops.stream().mapToLong(h -> h.ledger().totalNanos());
  }

  private static double sum(Summary s) {
    return s.legs().stream().mapToDouble(Summary.MeanLeg::nanos).sum();
  }
}
