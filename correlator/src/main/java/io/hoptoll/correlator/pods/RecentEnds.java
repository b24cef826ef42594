package io.hoptoll.correlator.pods;

import io.hoptoll.model.Endpoint;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Endpoints named lately: every access log entry names two, nearly all of them known, so that one
 * costs a look and no object. Bounded: of more than that, half are forgotten, those that were named
 * longest ago.
 */
final class RecentEnds {
  private final int half;
  private @Nullable Endpoint[] latest;
  private @Nullable Endpoint[] before;
  private int size;

  /**
   * @param bound endpoints remembered at most
   */
  RecentEnds(int bound) {
    half = Math.max(1, bound / 2);
    int slots = Integer.highestOneBit(half) * 4; // at most half full
    latest = new Endpoint[slots];
    before = new Endpoint[slots];
  }

  void add(Endpoint end) {
    int slot = slot(latest, end);
    if (latest[slot] != null) {
      return;
    }
    latest[slot] = end;
    if (++size >= half) {
      @Nullable Endpoint[] oldest = before;
      before = latest;
      latest = oldest;
      Arrays.fill(latest, null);
      size = 0;
    }
  }

  boolean has(Endpoint end) {
    return latest[slot(latest, end)] != null || before[slot(before, end)] != null;
  }

  /** Where it is, or would be. */
  private static int slot(@Nullable Endpoint[] table, Endpoint end) {
    int mask = table.length - 1;
    int slot = end.hashCode() & mask;
    for (Endpoint other = table[slot]; other != null && !other.equals(end); other = table[slot]) {
      slot = slot + 1 & mask;
    }
    return slot;
  }
}
