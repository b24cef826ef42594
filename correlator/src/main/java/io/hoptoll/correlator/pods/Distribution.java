package io.hoptoll.correlator.pods;

import java.util.List;

/**
 * A histogram as read.
 *
 * @param buckets those that are not empty, in order
 */
public record Distribution(long count, long sumNanos, List<Bucket> buckets) {
  public Distribution {
    buckets = List.copyOf(buckets);
  }

  /**
   * @param upToNanos inclusive; {@link Long#MAX_VALUE} for the last
   * @param count of values up to this bound
   */
  public record Bucket(long upToNanos, long count) {}
}
