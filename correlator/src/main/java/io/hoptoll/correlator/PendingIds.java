package io.hoptoll.correlator;

import java.util.Arrays;

/**
 * How many entries of each request id have come and are not dealt with yet: counts by a 44-bit hash
 * of the id, in arrays, since every entry passes here twice. Bounded: of more ids than that, half
 * are forgotten, those that came first.
 */
final class PendingIds {
  /**
   * Open addressing, linear probing; a key that is taken leaves no gap. Key and count share a word,
   * so that a look costs one line of cache.
   */
  private static final class Table {
    /** The key in the upper 44 bits, how often it is there below; 0 is free. */
    final long[] cells;

    int size;

    Table(int slots) {
      cells = new long[slots];
    }

    private static int home(long cell, int mask) {
      return (int) (cell >>> COUNT_BITS) & mask;
    }

    /** Where the key is, or would be. */
    private int slot(long key) {
      long[] all = cells;
      int mask = all.length - 1;
      int slot = home(key, mask);
      for (long cell = all[slot]; cell != 0 && (cell & KEY) != key; cell = all[slot]) {
        slot = slot + 1 & mask;
      }
      return slot;
    }

    boolean has(long key) {
      return cells[slot(key)] != 0;
    }

    void add(long key) {
      int slot = slot(key);
      size += cells[slot] == 0 ? 1 : 0;
      cells[slot] |= key;
      cells[slot] += (cells[slot] & ~KEY) == ~KEY ? 0 : 1; // no more than it can count
    }

    boolean take(long key) {
      int slot = slot(key);
      if (cells[slot] == 0) {
        return false;
      }
      if ((--cells[slot] & ~KEY) == 0) {
        remove(slot);
      }
      return true;
    }

    /** What stands after the gap and may stand in it moves there. */
    private void remove(int gap) {
      int mask = cells.length - 1;
      size--;
      int at = gap;
      for (int next = gap + 1 & mask; cells[next] != 0; next = next + 1 & mask) {
        if ((next - home(cells[next], mask) & mask) >= (next - at & mask)) {
          cells[at] = cells[next];
          at = next;
        }
      }
      cells[at] = 0;
    }

    void clear() {
      Arrays.fill(cells, 0);
      size = 0;
    }
  }

  /** A million entries of one id: more than all that wait anywhere ({@link Limits}). */
  private static final int COUNT_BITS = 20;

  private static final long KEY = -1L << COUNT_BITS;
  private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;

  private final int half;
  private Table latest;
  private Table before;

  /**
   * What was added last, not in a table yet; 0: nothing. Where no sockets are watched an entry is
   * dealt with before the next one comes, and never enters one.
   */
  private long held;

  /**
   * @param bound ids remembered at most
   */
  PendingIds(int bound) {
    half = Math.max(1, bound / 2);
    int slots = Integer.highestOneBit(half) * 4; // at most half full
    latest = new Table(slots);
    before = new Table(slots);
  }

  void add(long key) {
    if (held != 0) {
      enter(held);
    }
    held = key;
  }

  private void enter(long key) {
    latest.add(key);
    if (latest.size >= half) {
      Table oldest = before;
      before = latest;
      latest = oldest;
      latest.clear();
    }
  }

  /** One entry less; nothing where there is none. */
  void take(long key) {
    if (key == held) {
      held = 0;
    } else if (!before.take(key)) {
      latest.take(key);
    }
  }

  boolean has(long key) {
    return key == held || latest.has(key) || before.has(key);
  }

  /**
   * What an id is known by here. The string's own hash is cached; its end, which most ids differ
   * in, makes it 44 bits.
   *
   * @param with a hash of what tells equal ids apart; 0: nothing does
   */
  static long key(String id, int with) {
    long end = 0;
    for (int i = Math.max(0, id.length() - 4); i < id.length(); i++) {
      end = end << 16 | id.charAt(i);
    }
    long key = (id.hashCode() ^ Long.rotateLeft(end, 20)) * SPREAD;
    key ^= key >>> 32;
    key = (key + with) * SPREAD;
    key = (key ^ key >>> 29) & KEY;
    return key == 0 ? 1L << COUNT_BITS : key;
  }
}
