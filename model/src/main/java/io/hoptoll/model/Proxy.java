package io.hoptoll.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

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

  // By hand: it is looked up with every hop, and nearly always the same object.
  @Override
  public boolean equals(@Nullable Object o) {
    return o == this
        || o instanceof Proxy p
            && nodeId.equals(p.nodeId)
            && kind == p.kind
            && podIps.equals(p.podIps)
            && namespace.equals(p.namespace)
            && pod.equals(p.pod)
            && workload.equals(p.workload)
            && cluster.equals(p.cluster)
            && envoyVersion.equals(p.envoyVersion);
  }

  @Override
  public int hashCode() {
    return nodeId.hashCode();
  }

  /** Istio's proxy types (pilot/pkg/model: SidecarProxy, Router, Waypoint); OTHER: plain Envoy. */
  public enum Kind {
    SIDECAR,
    ROUTER,
    WAYPOINT,
    OTHER
  }
}
