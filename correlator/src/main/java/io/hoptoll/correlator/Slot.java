package io.hoptoll.correlator;

import org.jspecify.annotations.Nullable;

/** What a window sums: a leg (by its kinds) or a piece of evidence, of one edge. */
record Slot(Edge edge, long kinds, @Nullable Evidence evidence) {
  static Slot leg(Edge edge, long kinds) {
    return new Slot(edge, kinds, null);
  }

  static Slot evidence(Edge edge, Evidence evidence) {
    return new Slot(edge, 0, evidence);
  }
}
