package io.hoptoll.correlator;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How many entries of each request id have come and are not dealt with yet: counts by a 64-bit hash
 * of the id, in arrays, since every entry passes here twice. Bounded: of more ids than that, half
 * are forgotten, those that came first.
 */
final class PendingIds {
  /** Open addressing, linear probing; a key that is taken leaves no gap. 0 is no key. */
  private static final class Table {
    final long[] keys;
    final int[] counts;
    int size;

    Table(int slots) {
      keys = new long[slots];
      counts = new int[slots];
    }

    /** Where the key is, or would be. */
    int slot(long key) {
      int mask = keys.length - 1;
      int slot = (int) key & mask;
      while (keys[slot] != 0 && keys[slot] != key) {
        slot = slot + 1 & mask;
      }
      return slot;
    }

    void add(long key) {
      int slot = slot(key);
      size += keys[slot] == 0 ? 1 : 0;
      keys[slot] = key;
      counts[slot]++;
    }

    boolean take(long key) {
      int slot = slot(key);
      if (keys[slot] == 0) {
        return false;
      }
      if (--counts[slot] == 0) {
        remove(slot);
      }
      return true;
    }

    /** What stands after the gap and may stand in it moves there. */
    private void remove(int gap) {
      int mask = keys.length - 1;
      size--;
      int at = gap;
      for (int next = gap + 1 & mask; keys[next] != 0; next = next + 1 & mask) {
        int home = (int) keys[next] & mask;
        if ((next - home & mask) >= (next - at & mask)) {
          keys[at] = keys[next];
          counts[at] = counts[next];
          at = next;
        }
      }
      keys[at] = 0;
      counts[at] = 0;
    }

    void clear() {
      Arrays.fill(keys, 0);
      Arrays.fill(counts, 0);
      size = 0;
    }
  }

  private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;

  private final int half;
  private Table latest;
  private Table before;

  /**
   * @param bound ids remembered at most
   */
  PendingIds(int bound) {
    half = Math.max(1, bound / 2);
    int slots = Integer.highestOneBit(half) * 4; // at most half full
    latest = new Table(slots);
    before = new Table(slots);
  }

  /**
   * @param with tells equal ids apart; 0 where nothing does
   */
  void add(String id, @Nullable Object with) {
    latest.add(key(id, with));
    if (latest.size >= half) {
      Table oldest = before;
      before = latest;
      latest = oldest;
      latest.clear();
    }
  }

  /** One entry less; nothing where there is none. */
  void take(String id, @Nullable Object with) {
    long key = key(id, with);
    if (!before.take(key)) {
      latest.take(key);
    }
  }

  boolean has(String id, @Nullable Object with) {
    long key = key(id, with);
    return latest.keys[latest.slot(key)] == key || before.keys[before.slot(key)] == key;
  }

  /** The string's own hash is cached; its end, which most ids differ in, makes it 64 bits. */
  private static long key(String id, @Nullable Object with) {
    long end = 0;
    for (int i = Math.max(0, id.length() - 4); i < id.length(); i++) {
      end = end << 16 | id.charAt(i);
    }
    long key = (id.hashCode() ^ Long.rotateLeft(end, 20)) * SPREAD;
    key ^= key >>> 32;
    key = (key + (with == null ? 0 : with.hashCode())) * SPREAD;
    key ^= key >>> 29;
    return key == 0 ? 1 : key;
  }
}
