package io.hoptoll.correlator;

import io.hoptoll.model.Ledger.Source;
import io.hoptoll.model.Mark;
import io.hoptoll.model.Nanos;
import java.util.ArrayList;
import java.util.List;

/**
 * The marks of one hop on one clock; used again for the next hop. A mark known from the kernel
 * beats the same mark from ALS; a mark that would run backwards is left out, fewest first (kernel
 * marks weigh more), never clipped.
 */
final class Axis {
  private static final Mark[] MARKS = Mark.values();

  /** Bit set of {@link Mark#ordinal()}. */
  private static final int CLIENT_SIDE = clientSide();

  private final long[] nanos = new long[MARKS.length];

  /** Bit sets likewise. */
  private int present;

  private int kernel;

  private long serverShift;

  private static int clientSide() {
    int bits = 0;
    for (Mark mark : MARKS) {
      bits |= mark.isClientSide() ? bit(mark) : 0;
    }
    return bits;
  }

  void clear() {
    present = 0;
    kernel = 0;
    serverShift = 0;
  }

  void kernel(Mark mark, long at) {
    if (Nanos.isSet(at)) {
      nanos[mark.ordinal()] = at;
      present |= bit(mark);
      kernel |= bit(mark);
    }
  }

  /** A mark by the access log, where the kernel gave none. */
  void als(Mark mark, long at) {
    if (Nanos.isSet(at) && !has(mark)) {
      nanos[mark.ordinal()] = at;
      present |= bit(mark);
      kernel &= ~bit(mark);
    }
  }

  boolean has(Mark mark) {
    return (present & bit(mark)) != 0;
  }

  /** Unset where it is not present. */
  long at(Mark mark) {
    return has(mark) ? nanos[mark.ordinal()] : Nanos.UNSET;
  }

  Source source(Mark mark) {
    return (kernel & bit(mark)) != 0 ? Source.KERNEL : Source.ALS;
  }

  void remove(Mark mark) {
    present &= ~bit(mark);
  }

  void shift(boolean clientSide, long by) {
    int which = present & (clientSide ? CLIENT_SIDE : ~CLIENT_SIDE);
    for (int rest = which; rest != 0; rest &= rest - 1) {
      nanos[Integer.numberOfTrailingZeros(rest)] += by;
    }
    serverShift += clientSide ? 0 : by;
  }

  /** What the server's own clock plus this is the axis': 0 on one clock. */
  long serverShift() {
    return serverShift;
  }

  /** Bit set of the marks present, by {@link Mark#ordinal()}. */
  int bits() {
    return present;
  }

  /** Bit set of the server's marks present. */
  int server() {
    return present & ~CLIENT_SIDE;
  }

  /** Of a bit set that is not empty. */
  static Mark first(int marks) {
    return MARKS[Integer.numberOfTrailingZeros(marks)];
  }

  static Mark last(int marks) {
    return MARKS[Integer.SIZE - 1 - Integer.numberOfLeadingZeros(marks)];
  }

  void removeAll(int marks) {
    present &= ~marks;
  }

  /**
   * Removes the lightest set of marks such that the rest never runs backwards (heaviest
   * non-decreasing subsequence, quadratic in 20 marks). Returns those removed.
   */
  List<Mark> removeContradictions() {
    if (isForwards()) {
      return List.of(); // nearly always
    }
    List<Mark> marks = marks(present);
    int n = marks.size();
    int[] best = new int[n];
    int[] previous = new int[n];
    int last = -1;
    for (int i = 0; i < n; i++) {
      previous[i] = -1;
      for (int j = 0; j < i; j++) {
        if (at(marks.get(j)) <= at(marks.get(i)) && best[j] > best[i]) {
          best[i] = best[j];
          previous[i] = j;
        }
      }
      best[i] += source(marks.get(i)) == Source.KERNEL ? 2 : 1;
      last = last < 0 || best[i] >= best[last] ? i : last;
    }
    List<Mark> removed = new ArrayList<>(marks);
    for (int i = last; i >= 0; i = previous[i]) {
      removed.remove(marks.get(i));
    }
    removed.forEach(this::remove);
    return removed;
  }

  private boolean isForwards() {
    long last = Long.MIN_VALUE;
    for (int rest = present; rest != 0; rest &= rest - 1) {
      long at = nanos[Integer.numberOfTrailingZeros(rest)];
      if (at < last) {
        return false;
      }
      last = at;
    }
    return true;
  }

  private static List<Mark> marks(int bits) {
    List<Mark> marks = new ArrayList<>(Integer.bitCount(bits));
    for (int rest = bits; rest != 0; rest &= rest - 1) {
      marks.add(MARKS[Integer.numberOfTrailingZeros(rest)]);
    }
    return marks;
  }

  private static int bit(Mark mark) {
    return 1 << mark.ordinal();
  }
}
