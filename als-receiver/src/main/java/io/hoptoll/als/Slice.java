package io.hoptoll.als;

/** A piece of the message being read, as a long: offset above, length below; 0 is empty. */
final class Slice {
  static final long EMPTY = 0;

  private Slice() {}

  static long of(int offset, int length) {
    return (long) offset << Integer.SIZE | length;
  }

  static int offset(long slice) {
    return (int) (slice >>> Integer.SIZE);
  }

  static int length(long slice) {
    return (int) slice;
  }
}
