package io.hoptoll.correlator.pods;

import java.util.List;

/**
 * The pods seen.
 *
 * @param leftOut pods that are known and not watched, with the reason
 */
public record PodList(List<Entry> pods, List<LeftOut> leftOut) {
  public PodList {
    pods = List.copyOf(pods);
    leftOut = List.copyOf(leftOut);
  }

  /** One pod, with how much of it there is. */
  public record Entry(PodName pod, int processes, int lines, long bytesIn, long bytesOut) {}

  public record LeftOut(String namespace, String name, String node, String reason) {}
}
