package io.hoptoll.correlator;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The legs' sketches of an archived window, as they were written: nine tenths of its bytes, of
 * which a baseline asks for few. Each is read when it is, and its length is checked before that.
 */
final class PackedLegs {
  private final byte[] bytes;

  private final JoinCounters counters;

  /** By slot, where its sketch begins; 0: it has none. */
  private int[] starts;

  /**
   * @param bytes of the whole window
   * @param slots about how many there will be
   * @param counters hear of a sketch that is none
   */
  PackedLegs(byte[] bytes, int slots, JoinCounters counters) {
    this.bytes = bytes;
    this.counters = counters;
    this.starts = new int[slots];
  }

  void put(int slot, int start) {
    if (slot >= starts.length) {
      starts = Arrays.copyOf(starts, Math.max(slot + 1, 2 * starts.length));
    }
    starts[slot] = start;
  }

  /** A leg's sketch; null: it has none, or none that can be read. */
  @Nullable Sketch read(int slot) {
    try {
      return has(slot) ? Sketch.read(new In(bytes, starts[slot])) : null;
    } catch (IllegalArgumentException e) { // its length was right
      counters.add(JoinCounters.Count.ARCHIVE_UNREADABLE);
      return null;
    }
  }

  /** Adds a leg's sketch to a sum, if there is one. */
  void addTo(SketchSum sum, int slot) {
    try {
      if (has(slot)) {
        sum.add(new In(bytes, starts[slot]));
      }
    } catch (IllegalArgumentException e) {
      counters.add(JoinCounters.Count.ARCHIVE_UNREADABLE);
    }
  }

  private boolean has(int slot) {
    return slot >= 0 && slot < starts.length && starts[slot] != 0;
  }
}
