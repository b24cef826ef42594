package io.hoptoll.model;

import java.util.List;

/**
 * Who sent an access log stream: Envoy's {@code core.v3.Node} of the stream's first message. Empty
 * strings where the sender did not say.
 *
 * @param nodeId {@code node.id}; Istio: {@code sidecar~IP~POD.NS~NS.svc.cluster.local}
 * @param kind first part of an Istio node id
 * @param podIps INSTANCE_IPS or the id's second part, literal addresses
 * @param namespace metadata NAMESPACE or from the node id
 * @param pod metadata NAME or from the node id
 * @param workload metadata WORKLOAD_NAME, else OWNER's last part, else {@code node.cluster} up to
 *     the first dot, else the pod
 * @param cluster metadata CLUSTER_ID
 * @param envoyVersion {@code user_agent_build_version}, e.g. {@code 1.40.0}
 */
public record Proxy(
    String nodeId,
    Kind kind,
    List<String> podIps,
    String namespace,
    String pod,
    String workload,
    String cluster,
    String envoyVersion) {
  public Proxy {
    podIps = List.copyOf(podIps);
  }

  /** Istio's proxy types (pilot/pkg/model: SidecarProxy, Router, Waypoint); OTHER: plain Envoy. */
  public enum Kind {
    SIDECAR,
    ROUTER,
    WAYPOINT,
    OTHER
  }
}
