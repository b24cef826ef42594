package io.hoptoll.correlator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
        ids.add(id, null);
        counts.merge(id, 1, Integer::sum);
      } else {
        ids.take(id, null);
        counts.computeIfPresent(id, (k, n) -> n > 1 ? n - 1 : null);
      }
      assertEquals(counts.containsKey(id), ids.has(id, null), id);
    }
    for (int i = 0; i < BOUND; i++) {
      assertEquals(counts.containsKey("request-" + i), ids.has("request-" + i, null));
    }
  }

  @Test
  void ofTooManyTheOldestAreForgotten() {
    PendingIds ids = new PendingIds(BOUND);
    for (int i = 0; i < 10 * BOUND; i++) {
      ids.add("id" + i, null);
    }
    assertFalse(ids.has("id0", null));
    assertTrue(ids.has("id" + (10 * BOUND - 1), null));
    assertTrue(ids.has("id" + (10 * BOUND - BOUND / 2), null));
  }

  @Test
  void equalIdsOfTwoCallersAreTwo() {
    PendingIds ids = new PendingIds(BOUND);
    ids.add("same", "10.0.0.1");
    assertTrue(ids.has("same", "10.0.0.1"));
    assertFalse(ids.has("same", "10.0.0.2"));
  }
}
