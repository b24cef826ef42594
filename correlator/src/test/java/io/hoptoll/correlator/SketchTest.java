package io.hoptoll.correlator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

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

  /** However sketches are added up, the sum is the sketch of all durations. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void sumsOfSketchesAreTheSketchOfAll(long seed) {
    Random random = new Random(seed);
    SketchSum read = new SketchSum();
    SketchSum unread = new SketchSum();
    for (int round = 0; round < 3; round++) { // a sum is used again
      Sketch whole = new Sketch();
      Sketch inPlace = new Sketch();
      for (int i = 0; i < 40; i++) {
        Sketch part = new Sketch();
        for (int n = random.nextInt(60); n > 0; n--) {
          long nanos = random.nextLong() >>> random.nextInt(1, 64);
          part.add(nanos);
          whole.add(nanos);
        }
        inPlace.add(part);
        unread.add(part);
        Out out = new Out();
        part.write(out);
        read.add(new In(out.bytes()));
      }
      assertSame(whole, inPlace);
      assertSame(whole, unread.take());
      assertSame(whole, read.take());
    }
  }

  private static void assertSame(Sketch expected, Sketch sketch) {
    Out left = new Out();
    Out right = new Out();
    expected.write(left);
    sketch.write(right);
    assertArrayEquals(left.bytes(), right.bytes());
    assertEquals(expected.count(), sketch.count());
  }

  @Test
  void whatDoesNotAscendIsNoSketch() {
    for (long step : new long[] {0, -1, Sketch.BUCKETS, 1L << 40}) {
      byte[] bytes =
          new Out().number(1).number(2).number(5).number(1).number(step).number(1).bytes();
      assertThrows(IllegalArgumentException.class, () -> Sketch.read(new In(bytes)));
    }
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
