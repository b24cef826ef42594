package io.hoptoll.bench.accuracy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class EffectTest {
  private static final long MILLI = 1_000_000;
  private static final List<Long> WELL = of(100, 20);

  @Test
  void whatHardlyChangesIsBelow() {
    assertFalse(Effect.of(WELL, of(100, 20), 0).isAbove());
    assertFalse(Effect.of(WELL, of(100, 21), 0).isAbove());
  }

  @Test
  void whatMostRequestsFeelIsAbove() {
    Effect effect = Effect.of(WELL, of(100, 30), 0);
    assertTrue(effect.isAbove());
    assertEquals(10 * MILLI, effect.p50Nanos());
  }

  @Test
  void soIsWhatATenthFeels() {
    List<Long> hurt = new ArrayList<>(of(90, 20));
    hurt.addAll(of(12, 220));
    assertTrue(Effect.of(WELL, hurt, 0).isAbove());
  }

  @Test
  void soAreFailures() {
    assertFalse(Effect.of(WELL, of(100, 20), 2).isAbove());
    assertTrue(Effect.of(WELL, of(100, 20), 3).isAbove());
  }

  @Test
  void soIsAFaultThatLetsNothingThrough() {
    assertTrue(Effect.of(WELL, of(2, 20), 0).isAbove());
  }

  private static List<Long> of(int requests, long millis) {
    return Collections.nCopies(requests, millis * MILLI);
  }
}
