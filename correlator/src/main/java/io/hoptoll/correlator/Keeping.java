package io.hoptoll.correlator;

import io.hoptoll.model.Nanos;

/**
 * Which finished requests are kept to be looked up: all of them up to a rate, so that those kept
 * reach back some seconds under any load; beyond it the failed and the slow ones, up to the same
 * rate, until the second is over.
 */
final class Keeping {
  private static final int USUAL = 100;
  private static final double STEP = 0.02;

  private long second;
  private int kept;
  private int keptBeyond;

  /**
   * About one of {@link #USUAL} requests takes longer: it grows with each that does, else falls.
   */
  private double slowNanos = Nanos.PER_MILLI;

  void at(long wallNanos) {
    long now = wallNanos / Nanos.PER_SECOND;
    if (now != second) {
      second = now;
      kept = 0;
      keptBeyond = 0;
    }
  }

  /** The next request that finished, of whatever path. */
  boolean keeps(long totalNanos, boolean hasFailed) {
    boolean isSlow = totalNanos > slowNanos;
    slowNanos *= isSlow ? 1 + STEP : 1 - STEP / (USUAL - 1);
    if (kept < Limits.REQUESTS_KEPT_A_SECOND) {
      kept++;
      return true;
    }
    return (isSlow || hasFailed) && keptBeyond++ < Limits.REQUESTS_KEPT_A_SECOND;
  }
}
