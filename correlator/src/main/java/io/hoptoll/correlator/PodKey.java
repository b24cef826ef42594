package io.hoptoll.correlator;

/** A pod: its network namespace on its node (an inode means nothing without its node). */
record PodKey(String node, long netns) {
  /** Where no agent sees the pod. */
  static final PodKey UNKNOWN = new PodKey("", 0);
}
