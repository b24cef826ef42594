package io.hoptoll.model;

/** Nanosecond conventions: every time in Hoptoll is a {@code long} count of nanoseconds. */
public final class Nanos {
  /** "Not reported". Never a legal duration or instant; differs from zero. */
  public static final long UNSET = Long.MIN_VALUE;

  public static final long PER_MICRO = 1_000L;
  public static final long PER_MILLI = 1_000_000L;
  public static final long PER_SECOND = 1_000_000_000L;

  private Nanos() {}

  public static boolean isSet(long nanos) {
    return nanos != UNSET;
  }

  /** {@code base + offset}, or {@link #UNSET} where either is not reported. */
  public static long plus(long base, long offset) {
    return isSet(base) && isSet(offset) ? base + offset : UNSET;
  }
}
