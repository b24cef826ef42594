package io.hoptoll.minimesh.service;

import java.util.Random;

/** When requests are due: a Poisson process of a fixed seed, as independent users arrive. */
final class Arrivals {
  private final Random random = new Random(1);
  private final double meanNanos;
  private double due;

  Arrivals(long beginNanos, double rate) {
    this.due = beginNanos;
    this.meanNanos = 1e9 / rate;
  }

  synchronized long next() {
    due -= Math.log(1 - random.nextDouble()) * meanNanos;
    return (long) due;
  }
}
