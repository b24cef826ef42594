package io.hoptoll.correlator.pods;

import org.jspecify.annotations.Nullable;

/** A network namespace on its node: what a pod is to the kernel. */
record PodRef(String node, long netns) {
  // By hand: looked up for every exchange, and a record's own two are several times slower.
  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof PodRef p && netns == p.netns && node.equals(p.node);
  }

  @Override
  public int hashCode() {
    return 31 * node.hashCode() + Long.hashCode(netns);
  }
}
