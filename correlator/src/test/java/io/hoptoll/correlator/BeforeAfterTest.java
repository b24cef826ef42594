package io.hoptoll.correlator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.model.LegKind;
import io.hoptoll.model.Party;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Two ranges that the user names, one compared with all of the other. */
class BeforeAfterTest {
  private static final String PATH = "/reviews";
  private static final Edge EDGE = new Edge("productpage.default", "reviews.default");
  private static final long MILLI = 1_000_000;
  private final PathWindow before = new PathWindow();
  private final PathWindow after = new PathWindow();
  private final Random random = new Random(5);

  private void feed(PathWindow window, int requests, long appMillis, long transportMillis) {
    for (int i = 0; i < requests; i++) {
      long app = appMillis * MILLI + random.nextInt(200_000);
      long transport = transportMillis * MILLI + random.nextInt(200_000);
      Map<Slot, Long> legs =
          Map.of(
              Slot.leg(EDGE, LegKind.SERVER_APP_SERVICE.bit()), app,
              Slot.leg(EDGE, LegKind.TRANSPORT_REQUEST.bit()), transport);
      Bucket bucket = window.request(app + transport, false);
      legs.forEach((slot, nanos) -> window.leg(bucket, window.slots.of(slot), nanos));
    }
  }

  @Test
  void theDifferenceIsOfTheWholeRangeEvenWhereThePathWasNotWell() {
    feed(before, 100, 20, 1);
    feed(after, 100, 20, 31);
    Window past = new Window(1_000, 10);
    past.paths.put(PATH, before);
    Baseline given = Baseline.given(List.of(past), PATH, 8);
    assertTrue(given.isKnown());
    Comparison c = new Comparison(after, given, Sensitivity.Part.HALF);
    assertEquals(30 * MILLI, c.excessNanos(), MILLI);
    Verdict.LegShare largest = c.legs().get(0);
    assertEquals(Party.TRANSPORT, largest.party());
    assertEquals(31 * MILLI, largest.p50Nanos(), MILLI);
    assertFalse(Baseline.given(List.of(past), PATH, 101).isKnown());
    assertFalse(Baseline.of(List.of(past), PATH).isKnown());
  }

  /** Each leg is slow in one request of ten, never in the same: the tail has one of both. */
  @Test
  void theTailIsOfTheSlowRequestsNotTheSumOfTheLegsOwnTails() {
    feed(after, 800, 1, 1);
    feed(after, 100, 101, 1);
    feed(after, 100, 1, 101);
    Slot app = Slot.leg(EDGE, LegKind.SERVER_APP_SERVICE.bit());
    Slot transport = Slot.leg(EDGE, LegKind.TRANSPORT_REQUEST.bit());
    assertEquals(101 * MILLI, after.quantile(app, 0.99), 2 * MILLI);
    assertEquals(101 * MILLI, after.quantile(transport, 0.99), 2 * MILLI);
    assertEquals(102 * MILLI, after.quantile(0.99), 2 * MILLI);
    Composition tail = after.compose(0.8, 1);
    assertEquals(51 * MILLI, tail.mean(app), 2 * MILLI);
    assertEquals(51 * MILLI, tail.mean(transport), 2 * MILLI);
    assertEquals(tail.meanTotalNanos(), tail.mean(app) + tail.mean(transport), 1);
  }
}
