package io.hoptoll.minimesh.fault;

import io.hoptoll.model.Cause;
import io.hoptoll.model.Party;
import java.util.List;

/**
 * What was done, as measured.
 *
 * @param from workload at the client end of the edge
 * @param to workload at its server end
 * @param startWallNanos since 1970
 * @param held how much was held back
 * @param measured what {@code held} counts, and how it was measured
 */
public record Truth(
    String fault,
    Party party,
    Cause cause,
    String from,
    String to,
    long startWallNanos,
    long stopWallNanos,
    Held held,
    String measured) {

  /** Count, sum and quantiles, ns; quantiles are 0 where only the sum is known. */
  public record Held(long count, long totalNanos, long p50Nanos, long p99Nanos) {
    /** Of single measurements. */
    static Held of(List<Long> nanos) {
      List<Long> sorted = nanos.stream().sorted().toList();
      int n = sorted.size();
      return new Held(
          n,
          sorted.stream().mapToLong(Long::longValue).sum(),
          n == 0 ? 0 : sorted.get(n / 2),
          n == 0 ? 0 : sorted.get(Math.min(n - 1, n * 99 / 100)));
    }

    /** From {@code COUNT TOTAL P50 P99} in words. */
    static Held parse(String[] words, int first) {
      return new Held(
          Long.parseLong(words[first]),
          Long.parseLong(words[first + 1]),
          Long.parseLong(words[first + 2]),
          Long.parseLong(words[first + 3]));
    }
  }
}
