package io.hoptoll.correlator.pods;

/** A network namespace on its node: what a pod is to the kernel. */
record PodRef(String node, long netns) {}
