package io.hoptoll.correlator;

import io.hoptoll.model.Nanos;

/**
 * When a difference counts. The same for every path and cause; relative to the path's own baseline
 * and its own noise, with an absolute floor below which nobody cares.
 *
 * @param minRequests fewer in the range: insufficient data
 * @param standingNanos a leg outside the apps that takes longer than this, and a quarter of the
 *     request, is named even if it always did
 * @param slowNanos without a baseline: a median above this is slow
 */
public record Sensitivity(int minRequests, long standingNanos, long slowNanos) {
  public static final Sensitivity DEFAULT =
      new Sensitivity(8, 10 * Nanos.PER_MILLI, 100 * Nanos.PER_MILLI);

  /** A part of the requests, by rank of their total, and which growth in it counts. */
  public enum Part {
    /** The slower half without its tail: what most requests feel. */
    HALF(0.5, 0.9, 2e6, 0.15, 4, 0),
    /** The slowest tenth: what hits some. */
    TENTH(0.9, 1, 8e6, 0.4, 6, 40),
    /** The slowest hundredth: rare and large. */
    HUNDREDTH(0.99, 1, 25e6, 1, 8, 200);

    final double fromRank;
    final double toRank;
    private final double floorNanos;
    private final double factor;
    private final double noiseFactor;
    final int minRequests;

    Part(
        double fromRank,
        double toRank,
        double floorNanos,
        double factor,
        double noiseFactor,
        int minRequests) {
      this.fromRank = fromRank;
      this.toRank = toRank;
      this.floorNanos = floorNanos;
      this.factor = factor;
      this.noiseFactor = noiseFactor;
      this.minRequests = minRequests;
    }

    /** First rank of the part, 0..1. */
    public double fromRank() {
      return fromRank;
    }

    /** Its last rank. */
    public double toRank() {
      return toRank;
    }

    /** Of fewer requests in the range the part says nothing. */
    public int minRequests() {
      return minRequests;
    }

    /**
     * Whether an actor's growth is large, noticeable in the whole, and beyond its usual ups and
     * downs.
     *
     * @param totalNanos the baseline's whole request
     * @param noiseNanos how far this actor's mean is off by chance ({@link Chance})
     */
    public boolean isGrown(double growthNanos, double totalNanos, double noiseNanos) {
      return growthNanos > floorNanos
          && growthNanos > factor * totalNanos
          && growthNanos > noiseFactor * noiseNanos;
    }
  }

  /** Beside a larger one, an actor counts if it made at least this share of that one's growth. */
  static final double SIDE_SHARE = 0.25;

  /** The same where most requests took that much longer, rather than some of them. */
  static final double STEADY_SHARE = 0.05;
}
