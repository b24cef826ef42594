package io.hoptoll.correlator;

/**
 * How many entries of each request id have come and are not dealt with yet: counts by a 44-bit hash
 * of the id, in arrays, since every entry passes here twice. Bounded by number and time: of more
 * ids than that, half are forgotten, those that came first; and none is known for longer than two
 * {@link Limits#ROOT_WAIT_NANOS}, which nobody waits for, so an entry that is dropped on its way
 * need not be taken out.
 */
final class PendingIds {
  /**
   * Open addressing, linear probing; a key that is taken leaves no gap. Key and count share a word,
   * so that a look costs one line of cache.
   */
  private static final class Table {
    /** Few ids are on their way at a time: 32 KiB, that a core's nearest caches hold. */
    private static final int SLOTS = 4_096;

    /** The key in the upper 44 bits, how often it is there below; 0 is free. At most half full. */
    private long[] cells = new long[SLOTS];

    int size;

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
      if (cells[slot] == 0) {
        if (2 * size == cells.length) {
          grow();
          slot = slot(key);
        }
        size++;
        cells[slot] = key;
      }
      cells[slot] += (cells[slot] & ~KEY) == ~KEY ? 0 : 1; // no more than it can count
    }

    private void grow() {
      long[] before = cells;
      cells = new long[2 * before.length];
      for (long cell : before) {
        if (cell != 0) {
          cells[slot(cell & KEY)] = cell;
        }
      }
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
  }

  /** A million entries of one id: more than all that wait anywhere ({@link Limits}). */
  private static final int COUNT_BITS = 20;

  private static final long KEY = -1L << COUNT_BITS;
  private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;

  private final int half;
  private Table latest = new Table();
  private Table before = new Table();
  private long latestSinceNanos;
  private long nowNanos;

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
  }

  /** Forgets what came long ago. */
  void tick(long now) {
    nowNanos = now;
    if (now - latestSinceNanos >= Limits.ROOT_WAIT_NANOS) {
      if (held != 0) {
        enter(held);
        held = 0;
      }
      turn();
    }
  }

  private void turn() {
    latestSinceNanos = nowNanos;
    before = latest;
    latest = new Table();
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
      turn();
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
   * What an id is known by here.
   *
   * @param hash of the id, 64 bits
   * @param with a hash of what tells equal ids apart; 0: nothing does
   */
  static long key(long hash, int with) {
    long key = (hash + with) * SPREAD;
    key = (key ^ key >>> 29) & KEY;
    return key == 0 ? 1L << COUNT_BITS : key;
  }
}
