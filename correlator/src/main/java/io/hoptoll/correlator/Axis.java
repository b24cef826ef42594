package io.hoptoll.correlator;

import io.hoptoll.model.Ledger.Source;
import io.hoptoll.model.Mark;
import io.hoptoll.model.Nanos;
import java.util.ArrayList;
import java.util.List;

/**
 * The marks of one hop on one clock. A mark known from the kernel beats the same mark from ALS; a
 * mark that would run backwards is left out, fewest first (kernel marks weigh more), never clipped.
 */
final class Axis {
  private static final Mark[] MARKS = Mark.values();

  private final long[] nanos = new long[MARKS.length];
  private final Source[] sources = new Source[MARKS.length];

  Axis() {
    java.util.Arrays.fill(nanos, Nanos.UNSET);
    java.util.Arrays.fill(sources, Source.ALS);
  }

  void kernel(Mark mark, long at) {
    if (Nanos.isSet(at)) {
      nanos[mark.ordinal()] = at;
      sources[mark.ordinal()] = Source.KERNEL;
    }
  }

  /** A mark by the access log, where the kernel gave none. */
  void als(Mark mark, long at) {
    if (Nanos.isSet(at) && !has(mark)) {
      nanos[mark.ordinal()] = at;
      sources[mark.ordinal()] = Source.ALS;
    }
  }

  boolean has(Mark mark) {
    return Nanos.isSet(nanos[mark.ordinal()]);
  }

  long at(Mark mark) {
    return nanos[mark.ordinal()];
  }

  Source source(Mark mark) {
    return sources[mark.ordinal()];
  }

  void remove(Mark mark) {
    nanos[mark.ordinal()] = Nanos.UNSET;
  }

  void shift(boolean clientSide, long by) {
    for (Mark mark : MARKS) {
      if (mark.isClientSide() == clientSide && has(mark)) {
        nanos[mark.ordinal()] += by;
      }
    }
  }

  /** The marks present, in order. */
  List<Mark> present() {
    List<Mark> present = new ArrayList<>(MARKS.length);
    for (Mark mark : MARKS) {
      if (has(mark)) {
        present.add(mark);
      }
    }
    return present;
  }

  /**
   * Removes the lightest set of marks such that the rest never runs backwards (heaviest
   * non-decreasing subsequence, quadratic in 20 marks). Returns those removed.
   */
  List<Mark> removeContradictions() {
    List<Mark> present = present();
    int n = present.size();
    int[] best = new int[n];
    int[] previous = new int[n];
    int last = -1;
    for (int i = 0; i < n; i++) {
      previous[i] = -1;
      for (int j = 0; j < i; j++) {
        if (at(present.get(j)) <= at(present.get(i)) && best[j] > best[i]) {
          best[i] = best[j];
          previous[i] = j;
        }
      }
      best[i] += source(present.get(i)) == Source.KERNEL ? 2 : 1;
      last = last < 0 || best[i] >= best[last] ? i : last;
    }
    List<Mark> removed = new ArrayList<>(present);
    for (int i = last; i >= 0; i = previous[i]) {
      removed.remove(present.get(i));
    }
    removed.forEach(this::remove);
    return removed;
  }
}
