package io.hoptoll.correlator.pods;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.model.Endpoint;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RecentEndsTest {
  private static final int BOUND = 4_096;

  @Test
  void knowsWhatASetKnowsWithinItsBound() {
    RecentEnds ends = new RecentEnds(2 * BOUND + 2);
    Set<Integer> set = new HashSet<>();
    Random random = new Random(3);
    for (int i = 0; i < 100_000; i++) {
      int port = random.nextInt(BOUND);
      assertEquals(set.contains(port), ends.has(end(port)));
      ends.add(end(port));
      set.add(port);
    }
  }

  @Test
  void ofTooManyThoseNamedLongestAgoAreForgotten() {
    RecentEnds ends = new RecentEnds(BOUND);
    for (int i = 0; i < 10 * BOUND; i++) {
      ends.add(end(i));
      ends.add(end(65_000));
    }
    assertFalse(ends.has(end(0)));
    assertTrue(ends.has(end(10 * BOUND - 1)));
    assertTrue(ends.has(end(10 * BOUND - BOUND / 2)));
    assertTrue(ends.has(end(65_000)), "named all the time");
  }

  private static Endpoint end(int port) {
    return Endpoint.ofIpv4(0x0A00_0001 + (port >>> 16), port & 0xFFFF);
  }
}
