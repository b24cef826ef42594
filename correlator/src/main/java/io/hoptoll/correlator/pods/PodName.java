package io.hoptoll.correlator.pods;

import java.util.List;

/**
 * What a pod is called, and by whom.
 *
 * @param namespace Kubernetes'; where nobody named the pod, its node
 * @param name where nobody named it, its address, else {@code netns-INODE}
 * @param source {@code kubernetes} (or the file in its place), {@code access-log}, {@code address}
 *     or {@code node}: the node's own network
 * @param addresses of its network namespace, without loopback
 */
public record PodName(
    String namespace,
    String name,
    String workload,
    String source,
    String node,
    long netns,
    List<String> addresses) {
  public PodName {
    addresses = List.copyOf(addresses);
  }

  /** It is the node's own network, or that of all pods with {@code hostNetwork}. */
  public boolean isNode() {
    return source.equals(PodNames.NODE);
  }
}
