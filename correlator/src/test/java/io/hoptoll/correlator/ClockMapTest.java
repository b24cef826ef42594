package io.hoptoll.correlator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hoptoll.model.ClockSample;
import io.hoptoll.model.Nanos;
import org.junit.jupiter.api.Test;

class ClockMapTest {
  private static final long S = Nanos.PER_SECOND;
  private final ClockMap map = new ClockMap();

  @Test
  void interpolatesWhereTheWallClockIsSlewed() {
    sample(10, 1_000 * S);
    sample(11, 1_000 * S + 400_000);

    assertEquals(10 * S + S / 2, map.toMonotonic("n", 1_010 * S + S / 2 + 200_000));
    assertEquals(10 * S + S / 4, map.toMonotonic("n", 1_010 * S + S / 4 + 100_000));
    assertEquals(11 * S, map.toMonotonic("n", 1_011 * S + 400_000));
  }

  @Test
  void holdsTheLastOffsetOutsideItsSamples() {
    sample(10, 1_000 * S);
    sample(11, 1_000 * S + 400_000);

    assertEquals(12 * S, map.toMonotonic("n", 1_012 * S + 400_000));
    assertEquals(9 * S, map.toMonotonic("n", 1_009 * S));
  }

  @Test
  void takesTheNearerSideOfAStepForward() {
    sample(10, 1_000 * S);
    sample(11, 1_050 * S);

    assertEquals(10 * S + 1, map.toMonotonic("n", 1_010 * S + 1));
    assertEquals(11 * S - 1, map.toMonotonic("n", 1_061 * S - 1));
  }

  @Test
  void findsTheTimeBeforeAStepBackward() {
    for (int i = 100; i < 106; i++) {
      sample(i, 0);
    }
    for (int i = 106; i < 111; i++) {
      sample(i, -50 * S);
    }
    assertEquals(104 * S, map.toMonotonic("n", 104 * S), "it began before the step");
    assertEquals(108 * S, map.toMonotonic("n", 58 * S));
  }

  @Test
  void knowsNothingOfOtherNodes() {
    sample(10, 1_000 * S);

    assertEquals(7, map.toMonotonic("other", 7));
    assertEquals(0, map.boundNanos("other"));
    assertEquals(5, map.boundNanos("n"));
  }

  private void sample(long second, long offset) {
    map.add(new ClockSample("n", second * S, offset, 5));
  }
}
