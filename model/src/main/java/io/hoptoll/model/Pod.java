package io.hoptoll.model;

import java.util.List;

/**
 * A pod as Kubernetes, or a file in its place, names it.
 *
 * @param uid empty where a file does not say
 * @param workload what owns it: the Deployment's name, not its ReplicaSet's; without owner the
 *     pod's
 * @param addresses literal IP addresses
 * @param hostNetwork it shares the node's network namespace, so its sockets cannot be told apart
 * @param gone it is no more
 */
public record Pod(
    String namespace,
    String name,
    String uid,
    String workload,
    List<String> addresses,
    boolean hostNetwork,
    List<Container> containers,
    boolean gone) {
  public Pod {
    addresses = List.copyOf(addresses);
    containers = List.copyOf(containers);
  }

  /**
   * @param id as in {@link RunningProcess#container}
   * @param sidecar the mesh's: named istio-proxy, also as an init container that keeps running
   */
  public record Container(String id, String name, boolean sidecar) {}
}
