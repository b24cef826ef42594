package io.hoptoll.correlator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.correlator.Verdict.Finding;
import io.hoptoll.model.Cause;
import io.hoptoll.model.LegKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Who is named beside the one that grew most. */
class SuspectsTest {
  private static final String PATH = "/checkout";
  private static final Edge FRONT = new Edge("edge.shop", "checkout.shop");
  private static final Edge BACK = new Edge("checkout.shop", "stock.shop");
  private static final Slot SLOW = Slot.leg(FRONT, LegKind.SERVER_APP_SERVICE.bit());
  private static final Slot OTHER = Slot.leg(BACK, LegKind.SERVER_SIDECAR_REQUEST.bit());
  private static final Slot WORKED = Slot.leg(FRONT, LegKind.SERVER_APP_SELF.bit());
  private static final Slot WAITED = Slot.leg(FRONT, LegKind.SERVER_APP_PICKUP.bit());
  private static final long MILLI = 1_000_000;

  private final PathWindow before = new PathWindow();
  private final PathWindow after = new PathWindow();
  private final Random random = new Random(5);

  private void feed(PathWindow window, long slow, long other) {
    feed(window, SLOW, slow, OTHER, other);
  }

  private void feed(PathWindow window, Slot one, long itsNanos, Slot another, long nanosOfThat) {
    Map<Slot, Long> legs =
        Map.of(
            one, itsNanos + random.nextInt(100_000),
            another, nanosOfThat + random.nextInt(100_000));
    Bucket bucket = window.request(legs.values().stream().mapToLong(n -> n).sum(), false);
    legs.forEach((slot, nanos) -> window.leg(bucket, window.slots.of(slot), nanos));
  }

  private Set<String> named() {
    return found().stream().map(Finding::actor).map(Actor::name).collect(Collectors.toSet());
  }

  private List<Finding> found() {
    return found(Sensitivity.Part.HALF);
  }

  private List<Finding> found(Sensitivity.Part part) {
    Window past = new Window(1_000, 10);
    past.paths.put(PATH, before);
    Baseline baseline = Baseline.given(List.of(past), PATH, 8);
    Comparison c = new Comparison(after, baseline, part);
    return new Suspects(new Windows(new JoinCounters()).owners(), PATH, List.of(), List.of(past))
        .grown(c, part, baseline);
  }

  @Test
  void aSmallerOneThatHitsEveryRequestIsNamedToo() {
    for (int i = 0; i < 200; i++) {
      feed(before, 20 * MILLI, MILLI);
      feed(after, 220 * MILLI, 21 * MILLI);
    }
    assertEquals(Set.of("checkout.shop", "stock.shop"), named());
  }

  /** As one whose event loop is blocked, now before it reads and now before it answers. */
  @Test
  void anAppThatReadLateAndWorkedLongIsToldOfBoth() {
    for (int i = 0; i < 200; i++) {
      feed(before, WORKED, 10 * MILLI, WAITED, 0);
      feed(after, WORKED, 33 * MILLI, WAITED, 16 * MILLI);
    }
    List<Finding> both = found();
    assertEquals(
        List.of(Cause.APP_SERVICE_TIME, Cause.APP_PICKUP_DELAY),
        both.stream().map(Finding::cause).toList());
    assertEquals(23e6, both.get(0).excessNanos(), 1e6);
    assertEquals(16e6, both.get(1).excessNanos(), 1e6);
  }

  @Test
  void aLittleOfTheOneBesideTheOtherIsOneFinding() {
    for (int i = 0; i < 200; i++) {
      feed(before, WORKED, 10 * MILLI, WAITED, 0);
      feed(after, WORKED, 33 * MILLI, WAITED, 2 * MILLI);
    }
    List<Finding> one = found();
    assertEquals(List.of(Cause.APP_SERVICE_TIME), one.stream().map(Finding::cause).toList());
    assertEquals(25e6, one.get(0).excessNanos(), 1e6);
  }

  /** Its way back may have taken it, and whom it calls nobody told. */
  @Test
  void aServerOutsideHasARemedyOfItsOwn() {
    long behind =
        LegKind.TRANSPORT_REQUEST.bit()
            | LegKind.SERVER_APP_SERVICE.bit()
            | LegKind.TRANSPORT_RESPONSE.bit();
    for (int i = 0; i < 200; i++) {
      feedBehind(before, behind, 20 * MILLI);
      feedBehind(after, behind, 220 * MILLI);
    }
    Finding outside = found().get(0);
    assertEquals(Cause.DEPENDENCY, outside.cause());
    assertEquals("checkout.shop", outside.actor().name());
    assertEquals(Remedies.ofServerOutside(), outside.remedy());
  }

  private void feedBehind(PathWindow window, long kinds, long nanos) {
    Bucket bucket = window.request(nanos, false);
    window.leg(bucket, window.slots.of(Slot.leg(FRONT, kinds)), nanos);
    bucket.add(window.slotsOf(FRONT).evidence(Evidence.LAST_RTT_MICROS.ordinal()), 300);
  }

  /** What it takes always is no growth, however much that is. */
  @Test
  void whatTakesLongAlwaysAndGrewInSomeRequestsIsNot() {
    for (int i = 0; i < 200; i++) {
      feed(before, 20 * MILLI, 30 * MILLI);
      feed(after, 220 * MILLI, i % 5 == 0 ? 130 * MILLI : 30 * MILLI);
    }
    assertEquals(Set.of("checkout.shop"), named());
  }

  @Test
  void whatOnlySomeRequestsWaitedForBehindItIsNot() {
    for (int i = 0; i < 200; i++) {
      feed(before, 20 * MILLI, MILLI);
      feed(after, 220 * MILLI, i % 5 == 0 ? 101 * MILLI : MILLI);
    }
    assertEquals(Set.of("checkout.shop"), named());
  }

  /** One pod of eight takes 100 ms more: in the slower half a little, in the slowest tenth all. */
  @Test
  void whoSlowsAFewRequestsMuchIsToldWhereItDid() {
    for (int i = 0; i < 800; i++) {
      feed(before, 12 * MILLI, MILLI);
      feed(after, (i % 8 == 0 ? 112 : 12) * MILLI, MILLI);
    }
    List<Finding> told = new ArrayList<>(found());
    assertEquals(0.5, told.get(0).affected(), 1e-9);
    assertTrue(told.get(0).excessNanos() < 20e6, told::toString);
    assertTrue(Diagnosis.add(told, found(Sensitivity.Part.TENTH)));
    assertEquals(1, told.size());
    assertEquals(0.1, told.get(0).affected(), 1e-9);
    assertEquals(100e6, told.get(0).excessNanos(), 2e6);
  }

  @Test
  void whoSlowsAllRequestsAlikeIsToldOfTheSlowerHalf() {
    for (int i = 0; i < 800; i++) {
      feed(before, 12 * MILLI, MILLI);
      feed(after, 40 * MILLI, MILLI);
    }
    List<Finding> told = new ArrayList<>(found());
    assertFalse(Diagnosis.add(told, found(Sensitivity.Part.TENTH)));
    assertEquals(0.5, told.get(0).affected(), 1e-9);
  }
}
