package io.hoptoll.correlator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Noise alone must not pass for growth, however few windows tell how large it is. */
class ChanceTest {
  private static final int TRIALS = 20_000;

  @Test
  void manyWindowsAndRequestsNeedNoMore() {
    assertEquals(1, Chance.ofFewWindows(10_000), 0.01);
    assertEquals(1, Chance.ofFewRequests(400, 40));
    assertEquals(2, Chance.ofFewRequests(10, 40));
  }

  /** Without it 20 % of all looks at four windows were wrong, and 4 % at twelve. */
  @Test
  void normalNoiseIsRarelyBeyondIt() {
    for (int windows : new int[] {4, 6, 12, 40}) {
      double wrong = wrong(windows, Chance.ofFewWindows(windows));
      assertTrue(wrong < 0.01, windows + " windows: " + wrong);
    }
    assertTrue(wrong(6, 1) > 0.03, "the test can fail");
  }

  /** Share of looks in which a new mean is beyond 4 deviations of the earlier ones, and larger. */
  private static double wrong(int windows, double factor) {
    Random random = new Random(7);
    int wrong = 0;
    for (int i = 0; i < TRIALS; i++) {
      double[] means = random.doubles(windows, 0, 1).map(u -> random.nextGaussian()).toArray();
      double median = Arrays.stream(means).sorted().toArray()[(windows - 1) / 2];
      double[] deviations = Arrays.stream(means).map(v -> Math.abs(v - median)).sorted().toArray();
      double deviation = deviations[windows / 2];
      double growth = random.nextGaussian() - Arrays.stream(means).average().orElse(0);
      wrong += growth > 4 * factor * deviation ? 1 : 0;
    }
    return (double) wrong / TRIALS;
  }
}
