package io.hoptoll.bench.accuracy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class WilsonTest {
  private static final double EXACT = 5e-5;

  /** Against Newcombe, Statistics in Medicine 17 (1998), table I, method 3. */
  @Test
  void agreesWithPublishedIntervals() {
    interval(81, 263, 0.2553, 0.3662);
    interval(15, 148, 0.0624, 0.1605);
    interval(0, 20, 0.0000, 0.1611);
    interval(1, 29, 0.0061, 0.1718);
  }

  @Test
  void allRightIsNoCertainty() {
    assertEquals(1, new Wilson(20, 20).high());
    assertEquals(1 - 0.1611, new Wilson(20, 20).low(), EXACT);
  }

  @Test
  void withoutTrialsNothingIsKnown() {
    assertEquals(0, new Wilson(0, 0).low());
    assertEquals(1, new Wilson(0, 0).high());
    assertEquals("none", new Wilson(0, 0).toString());
  }

  private static void interval(long hits, long trials, double low, double high) {
    assertEquals(low, new Wilson(hits, trials).low(), EXACT);
    assertEquals(high, new Wilson(hits, trials).high(), EXACT);
  }
}
