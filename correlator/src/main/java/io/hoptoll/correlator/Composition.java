package io.hoptoll.correlator;

import io.hoptoll.model.Leg;
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

  /** All legs of one actor, ns a request. */
  double nanosOf(Actor actor) {
    double sum = 0;
    for (Map.Entry<Slot, Double> e : means.entrySet()) {
      Slot slot = e.getKey();
      boolean own =
          slot.evidence() == null && Actor.of(slot.edge(), Leg.party(slot.kinds())).equals(actor);
      sum += own ? e.getValue() : 0;
    }
    return sum;
  }

  static final class Builder {
    private double requests;
    private double totalNanos;
    private final Map<Slot, Double> sums = new HashMap<>();

    void add(Bucket bucket, double share) {
      requests += bucket.count * share;
      totalNanos += bucket.totalNanos * share;
      bucket.sums.forEach((slot, sum) -> sums.merge(slot, sum[0] * share, Double::sum));
    }

    Composition build() {
      double n = Math.max(requests, 1e-9);
      sums.replaceAll((slot, sum) -> sum / n);
      return new Composition(requests, totalNanos / n, Map.copyOf(sums));
    }
  }
}
