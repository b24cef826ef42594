package io.hoptoll.correlator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.model.TextHash;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PendingIdsTest {
  private static final int BOUND = 4_096;

  /** The plain thing: a map of counts. */
  @Test
  void countsLikeAMapWithinItsBound() {
    PendingIds ids = new PendingIds(2 * BOUND);
    Map<String, Integer> counts = new HashMap<>();
    Random random = new Random(11);
    for (int i = 0; i < 400_000; i++) {
      String id = "request-" + random.nextInt(BOUND - 1);
      if (random.nextInt(5) < 2) {
        ids.add(PendingIds.key(TextHash.of(id), 0));
        counts.merge(id, 1, Integer::sum);
      } else {
        ids.take(PendingIds.key(TextHash.of(id), 0));
        counts.computeIfPresent(id, (k, n) -> n > 1 ? n - 1 : null);
      }
      assertEquals(counts.containsKey(id), ids.has(PendingIds.key(TextHash.of(id), 0)), id);
    }
    for (int i = 0; i < BOUND; i++) {
      assertEquals(
          counts.containsKey("request-" + i),
          ids.has(PendingIds.key(TextHash.of("request-" + i), 0)));
    }
  }

  @Test
  void ofTooManyTheOldestAreForgotten() {
    PendingIds ids = new PendingIds(BOUND);
    for (int i = 0; i < 10 * BOUND; i++) {
      ids.add(PendingIds.key(TextHash.of("id" + i), 0));
    }
    assertFalse(ids.has(PendingIds.key(TextHash.of("id0"), 0)));
    assertTrue(ids.has(PendingIds.key(TextHash.of("id" + (10 * BOUND - 1)), 0)));
    assertTrue(ids.has(PendingIds.key(TextHash.of("id" + (10 * BOUND - BOUND / 2)), 0)));
  }

  @Test
  void whatIsNeverTakenIsForgottenInTime() {
    PendingIds ids = new PendingIds(BOUND);
    ids.tick(0);
    long lost = PendingIds.key(TextHash.of("dropped on its way"), 0);
    ids.add(lost);
    ids.add(PendingIds.key(TextHash.of("the next"), 0));
    ids.tick(Limits.ROOT_WAIT_NANOS);
    assertTrue(ids.has(lost), "a root may still wait for it");
    ids.tick(2 * Limits.ROOT_WAIT_NANOS);
    assertFalse(ids.has(lost));
  }

  @Test
  void equalIdsOfTwoCallersAreTwo() {
    PendingIds ids = new PendingIds(BOUND);
    ids.add(PendingIds.key(TextHash.of("same"), 1));
    assertTrue(ids.has(PendingIds.key(TextHash.of("same"), 1)));
    assertFalse(ids.has(PendingIds.key(TextHash.of("same"), 2)));
  }
}
