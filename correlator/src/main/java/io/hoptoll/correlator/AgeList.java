package io.hoptoll.correlator;

import org.jspecify.annotations.Nullable;

/**
 * What waits, in the order in which it came. The links are in what waits, so that all that enters
 * and leaves costs no object, and what leaves from the middle no search.
 */
final class AgeList<T extends AgeList.Aged<T>> {
  /** In one list at most. */
  abstract static class Aged<T> {
    private @Nullable T older;
    private @Nullable T younger;
  }

  private @Nullable T oldest;
  private @Nullable T youngest;
  private int size;

  void add(T last) {
    Aged<T> entered = last;
    T before = youngest;
    entered.older = before;
    if (before == null) {
      oldest = last;
    } else {
      ((Aged<T>) before).younger = last;
    }
    youngest = last;
    size++;
  }

  /** Nothing where it is not in the list. */
  void remove(T leaving) {
    Aged<T> left = leaving;
    T before = left.older;
    T after = left.younger;
    if (before == null && leaving != oldest) {
      return;
    }
    if (before == null) {
      oldest = after;
    } else {
      ((Aged<T>) before).younger = after;
    }
    if (after == null) {
      youngest = before;
    } else {
      ((Aged<T>) after).older = before;
    }
    left.older = null;
    left.younger = null;
    size--;
  }

  @Nullable T oldest() {
    return oldest;
  }

  int size() {
    return size;
  }
}
