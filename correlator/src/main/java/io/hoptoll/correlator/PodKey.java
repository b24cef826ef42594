package io.hoptoll.correlator;

import org.jspecify.annotations.Nullable;

/** A pod: its network namespace on its node (an inode means nothing without its node). */
record PodKey(String node, long netns) {
  /** Where no agent sees the pod. */
  static final PodKey UNKNOWN = new PodKey("", 0);

  // By hand: it is part of every socket's key, and a record's own two are several times slower.
  @Override
  public boolean equals(@Nullable Object o) {
    return o == this || o instanceof PodKey p && netns == p.netns && node.equals(p.node);
  }

  @Override
  public int hashCode() {
    return 31 * node.hashCode() + Long.hashCode(netns);
  }
}
