package io.hoptoll.correlator;

import java.util.Arrays;

/** The slots of one edge in one path's window, found without a key that has to be made first. */
final class EdgeSlots {
  private static final Evidence[] EVIDENCE = Evidence.values();
  private static final int UNKNOWN = -1;

  private final Edge edge;
  private final Slots slots;
  private final int[] evidence = new int[EVIDENCE.length];
  private long[] kinds = new long[16];
  private int[] legs = new int[16];
  private int size;

  EdgeSlots(Edge edge, Slots slots) {
    this.edge = edge;
    this.slots = slots;
    Arrays.fill(evidence, UNKNOWN);
  }

  /** A hop has some twenty legs: a look along them costs less than a hash. */
  int leg(long ofKinds) {
    for (int i = 0; i < size; i++) {
      if (kinds[i] == ofKinds) {
        return legs[i];
      }
    }
    if (size == kinds.length) {
      kinds = Arrays.copyOf(kinds, 2 * size);
      legs = Arrays.copyOf(legs, 2 * size);
    }
    kinds[size] = ofKinds;
    legs[size] = slots.of(Slot.leg(edge, ofKinds));
    return legs[size++];
  }

  /**
   * @param ordinal of {@link Evidence}
   */
  int evidence(int ordinal) {
    if (evidence[ordinal] == UNKNOWN) {
      evidence[ordinal] = slots.of(Slot.evidence(edge, EVIDENCE[ordinal]));
    }
    return evidence[ordinal];
  }
}
