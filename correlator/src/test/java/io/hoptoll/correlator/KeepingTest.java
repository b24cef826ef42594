package io.hoptoll.correlator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.model.Nanos;
import org.junit.jupiter.api.Test;

/** Of more requests than are kept the failed and the slow ones are. */
class KeepingTest {
  private static final long SECOND = 1_700_000_000L * Nanos.PER_SECOND;

  private static final long USUAL = 3 * Nanos.PER_MILLI;

  private final Keeping keeping = new Keeping();

  @Test
  void allOfAFewAreKept() {
    keeping.at(SECOND);
    assertEquals(Limits.REQUESTS_KEPT_A_SECOND, kept(Limits.REQUESTS_KEPT_A_SECOND, USUAL, false));
    keeping.at(SECOND + Nanos.PER_SECOND);
    assertEquals(Limits.REQUESTS_KEPT_A_SECOND, kept(Limits.REQUESTS_KEPT_A_SECOND, USUAL, false));
  }

  @Test
  void beyondThoseTheSlowAndTheFailedOnesAre() {
    keeping.at(SECOND);
    kept(10_000, USUAL, false);
    keeping.at(SECOND + Nanos.PER_SECOND);
    int usual = kept(10_000, USUAL, false) - Limits.REQUESTS_KEPT_A_SECOND;
    assertTrue(usual <= 200, usual + " of 9,000: about one of a hundred");
    assertEquals(100, kept(100, 50 * USUAL, false));
    assertEquals(100, kept(100, 1, true));
  }

  @Test
  void ofTheseNoMoreThanOfTheOthers() {
    keeping.at(SECOND);
    assertEquals(2 * Limits.REQUESTS_KEPT_A_SECOND, kept(10_000, USUAL, true));
  }

  private int kept(int requests, long totalNanos, boolean haveFailed) {
    int kept = 0;
    for (int i = 0; i < requests; i++) {
      kept += keeping.keeps(totalNanos, haveFailed) ? 1 : 0;
    }
    return kept;
  }
}
