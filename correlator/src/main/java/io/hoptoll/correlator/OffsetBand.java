package io.hoptoll.correlator;

/**
 * Between what two clocks' difference must lie. Each exchange bounds it from both sides: no request
 * is there before it was sent, and no answer. The bounds of all exchanges are intersected; with
 * time they drift apart, as fast as two clocks may. Like NTP's minimum delay, but each direction
 * has its own.
 *
 * <p>How fast they do drift is learnt from the band itself, so that a delay that stays on one way
 * is seen for longer.
 */
final class OffsetBand {
  /**
   * Crystals are within 50 ppm of each other, NTP slews by some more: beyond is a contradiction.
   */
  private static final double MAX_RATE = 200e-6;

  /**
   * How much a learnt rate may change by warmth and by NTP's corrections until it is learnt anew.
   */
  private static final double WANDER = 20e-6;

  private static final double LEARN_NANOS = 30e9;

  private long atNanos;

  /** Doubles hold differences of seconds to the nanosecond, not those of years. */
  private long baseNanos;

  private double low;
  private double high;
  private double rate;
  private double rateBound = MAX_RATE;
  private long learntNanos;
  private double learntLow;
  private double learntHigh;
  private int samples;

  /**
   * What one exchange says: the second clock is ahead of the first by this much.
   *
   * @param atNanos of the first clock
   * @return false: it contradicts all before, and is left out
   */
  boolean add(long atNanos, long lowNanos, long highNanos) {
    if (samples == 0) {
      this.atNanos = atNanos;
      baseNanos = lowNanos;
      high = highNanos - lowNanos;
      learnt();
    } else {
      long by = atNanos - this.atNanos;
      double early = Math.max(0, -by);
      double ownLow = lowNanos - baseNanos + (rate - rateBound) * early;
      double ownHigh = highNanos - baseNanos + (rate + rateBound) * early;
      double newLow = Math.max(low(Math.max(0, by)), ownLow);
      double newHigh = Math.min(high(Math.max(0, by)), ownHigh);
      if (newLow > newHigh) {
        return false;
      }
      this.atNanos += Math.max(0, by);
      low = newLow;
      high = newHigh;
      learn();
    }
    samples++;
    return true;
  }

  int samples() {
    return samples;
  }

  /** The middle of the band at an instant of the first clock. */
  long middleAt(long nanos) {
    long by = nanos - atNanos;
    return baseNanos + Math.round((low(by) + high(by)) / 2);
  }

  /** By how much the middle may be wrong. */
  long boundAt(long nanos) {
    long by = nanos - atNanos;
    return (long) Math.ceil((high(by) - low(by)) / 2) + 1;
  }

  private double low(long by) {
    return low + rate * by - rateBound * Math.abs(by);
  }

  private double high(long by) {
    return high + rate * by + rateBound * Math.abs(by);
  }

  private void learn() {
    double passed = atNanos - learntNanos;
    if (passed < LEARN_NANOS) {
      return;
    }
    double slowest = Math.max(-MAX_RATE, (low - learntHigh) / passed);
    double fastest = Math.min(MAX_RATE, (high - learntLow) / passed);
    if (slowest <= fastest) {
      rate = (slowest + fastest) / 2;
      rateBound = (fastest - slowest) / 2 + WANDER;
    }
    learnt();
  }

  private void learnt() {
    learntNanos = atNanos;
    learntLow = low;
    learntHigh = high;
  }
}
