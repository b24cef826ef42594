package io.hoptoll.bench.accuracy;

import io.hoptoll.correlator.Sensitivity;
import io.hoptoll.correlator.Sensitivity.Part;
import java.util.List;

/**
 * What a fault did to the requests, as the calling app timed them: nothing of the product is in it.
 *
 * @param p50Nanos growth of the median
 * @param p99Nanos growth of the 99th percentile
 * @param isAbove whether it is beyond what the product says it can see
 */
record Effect(long requests, long failed, double p50Nanos, double p99Nanos, boolean isAbove) {
  private static final int MIN_FAILED = 3;
  private static final double MIN_FAILED_SHARE = 0.01;

  /**
   * @param well how long requests took before, ns
   * @param hurt and under the fault
   */
  static Effect of(List<Long> well, List<Long> hurt, long failed) {
    List<Long> before = well.stream().sorted().toList();
    List<Long> under = hurt.stream().sorted().toList();
    boolean slower = false;
    for (Part part : Part.values()) {
      double usual = mean(before, part);
      boolean enough = under.size() >= part.minRequests();
      slower |= enough && part.isGrown(mean(under, part) - usual, usual, 0);
    }
    boolean fails = failed >= MIN_FAILED && failed >= MIN_FAILED_SHARE * under.size();
    boolean silent = under.size() < Sensitivity.DEFAULT.minRequests();
    return new Effect(
        under.size(),
        failed,
        rank(under, 0.5) - rank(before, 0.5),
        rank(under, 0.99) - rank(before, 0.99),
        slower || fails || silent);
  }

  private static double mean(List<Long> sorted, Part part) {
    int from = (int) (part.fromRank() * sorted.size());
    int to = Math.max(from + 1, (int) (part.toRank() * sorted.size()));
    return sorted.subList(Math.min(from, sorted.size()), Math.min(to, sorted.size())).stream()
        .mapToLong(Long::longValue)
        .average()
        .orElse(0);
  }

  private static double rank(List<Long> sorted, double rank) {
    return sorted.isEmpty() ? 0 : sorted.get((int) (rank * (sorted.size() - 1)));
  }
}
