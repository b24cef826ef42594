package io.hoptoll.correlator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Quantiles against the sorted values themselves. */
class SketchTest {
  private static final double[] RANKS = {0.01, 0.25, 0.5, 0.9, 0.99, 0.999, 1};

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void quantilesAreWithinOnePercentAtAnyScale(long seed) {
    Random random = new Random(seed);
    double spread = 1 + 3 * random.nextDouble();
    held(() -> (long) Math.exp(8 + spread * random.nextGaussian()), 5_000);
    held(() -> random.nextLong() >>> random.nextInt(1, 64), 5_000);
    held(() -> random.nextInt(300), 500);
  }

  @Test
  void everyPowerAndItsNeighboursAreWithinOnePercent() {
    for (int shift = 0; shift < 62; shift++) {
      for (long near = -1; near <= 1; near++) {
        long value = (1L << shift) + near;
        Sketch one = new Sketch();
        one.add(value);
        assertEquals(Math.max(1, value), one.quantile(0.5), Sketch.ERROR * value + 0.01);
      }
    }
  }

  @Test
  void durationsThatWereNotAddedAreZero() {
    Sketch leg = new Sketch();
    for (int i = 0; i < 10; i++) {
      leg.add(5_000_000);
    }
    assertEquals(0, leg.quantile(0.5, 100));
    assertEquals(0, leg.quantile(0.9, 100));
    assertEquals(5_000_000, leg.quantile(0.91, 100), 50_000);
    assertEquals(0, new Sketch().quantile(0.99));
  }

  private static void held(LongSupplier values, int count) {
    Sketch whole = new Sketch();
    Sketch merged = new Sketch();
    long[] sorted = new long[count];
    Sketch part = new Sketch();
    for (int i = 0; i < count; i++) {
      sorted[i] = values.getAsLong();
      whole.add(sorted[i]);
      part.add(sorted[i]);
      if (i % 97 == 0 || i == count - 1) {
        merged.add(part);
        part = new Sketch();
      }
    }
    Arrays.sort(sorted);
    assertEquals(count, merged.count());
    assertEquals(Arrays.stream(sorted).sum(), merged.sumNanos());
    for (double rank : RANKS) {
      long exact = sorted[(int) Math.ceil(rank * count) - 1];
      assertEquals(Math.max(1, exact), whole.quantile(rank), Sketch.ERROR * exact + 0.01);
      assertEquals(whole.quantile(rank), merged.quantile(rank));
    }
  }
}
