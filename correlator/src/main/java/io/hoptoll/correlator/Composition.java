package io.hoptoll.correlator;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;

/**
 * The mean request of a set of requests: its total and what every leg and evidence contributed.
 *
 * @param requests how many (fractional where a bucket was cut)
 * @param means per slot: nanoseconds a request, or units of the evidence a request
 */
record Composition(double requests, double meanTotalNanos, Map<Slot, Double> means) {
  double mean(Slot slot) {
    return means.getOrDefault(slot, 0.0);
  }

  double mean(Edge edge, Evidence evidence) {
    return mean(Slot.evidence(edge, evidence));
  }

  static final class Builder {
    private double requests;
    private double totalNanos;
    private final Slots slots;
    private final double[] sums;

    Builder(Slots slots) {
      this.slots = slots;
      this.sums = new double[slots.size()];
    }

    void add(Bucket bucket, double share) {
      requests += bucket.count * share;
      totalNanos += bucket.totalNanos * share;
      for (int i = 0; i < sums.length; i++) {
        sums[i] += bucket.sum(i) * share;
      }
    }

    double meanTotalNanos() {
      return totalNanos / counted();
    }

    /** Of a slot, in the mean request. */
    double mean(int slot) {
      return sums[slot] / counted();
    }

    private double counted() {
      return Math.max(requests, 1e-9);
    }

    Composition build() {
      double n = counted();
      Map<Slot, Double> means = new HashMap<>(2 * sums.length);
      for (int i = 0; i < sums.length; i++) {
        if (sums[i] != 0) {
          means.put(slots.get(i), sums[i] / n);
        }
      }
      return new Composition(requests, totalNanos / n, Collections.unmodifiableMap(means));
    }
  }
}
