package io.hoptoll.als;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.core.v3.BuildVersion;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.hoptoll.model.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Who a {@code core.v3.Node} is. Istio's node id is {@code sidecar~IP~POD.NS~NS.svc.cluster.local}
 * (pkg/istio-agent); its metadata says the same more reliably. A plain Envoy may say nothing at
 * all: then it is named after its connection.
 */
final class ProxyIdentity {
  private static final int ISTIO_ID_PARTS = 4;

  private ProxyIdentity() {}

  /**
   * @param peer the connection's remote end, for an Envoy without {@code node.id}
   */
  static Proxy decode(Node node, String peer) {
    String id = node.getId().isEmpty() ? "envoy@" + peer : node.getId();
    String[] parts = id.split("~", -1);
    Proxy.Kind kind = kind(parts);
    boolean istio = kind != Proxy.Kind.OTHER;
    Struct metadata = node.getMetadata();
    String podAndNamespace = istio ? parts[2] : "";
    int dot = podAndNamespace.lastIndexOf('.');
    String idPod = dot < 0 ? podAndNamespace : podAndNamespace.substring(0, dot);
    String pod = firstSaid(text(metadata, "NAME"), idPod, id);
    return new Proxy(
        id,
        kind,
        addresses(text(metadata, "INSTANCE_IPS"), istio ? parts[1] : ""),
        firstSaid(text(metadata, "NAMESPACE"), namespaceOfId(id), ""),
        pod,
        workload(metadata, node.getCluster(), pod),
        text(metadata, "CLUSTER_ID"),
        version(node));
  }

  /** Of {@code POD.NAMESPACE} in an Istio proxy's id; empty for others. */
  static String namespaceOfId(String id) {
    String[] parts = id.split("~", -1);
    int dot = kind(parts) == Proxy.Kind.OTHER ? -1 : parts[2].lastIndexOf('.');
    return dot < 0 ? "" : parts[2].substring(dot + 1);
  }

  /** As the pod's metadata says; empty where it does not. */
  static String serviceAccount(Node node) {
    return text(node.getMetadata(), "SERVICE_ACCOUNT");
  }

  private static Proxy.Kind kind(String[] idParts) {
    if (idParts.length != ISTIO_ID_PARTS) {
      return Proxy.Kind.OTHER;
    }
    return switch (idParts[0]) {
      case "sidecar" -> Proxy.Kind.SIDECAR;
      case "router" -> Proxy.Kind.ROUTER;
      case "waypoint" -> Proxy.Kind.WAYPOINT;
      default -> Proxy.Kind.OTHER;
    };
  }

  private static List<String> addresses(String instanceIps, String idAddress) {
    List<String> ips = new ArrayList<>();
    for (String ip : (instanceIps.isEmpty() ? idAddress : instanceIps).split(",", -1)) {
      if (AddressDecoder.literal(ip.trim(), 0).isSet()) {
        ips.add(ip.trim());
      }
    }
    return ips;
  }

  private static String workload(Struct metadata, String nodeCluster, String pod) {
    String owner = text(metadata, "OWNER");
    String ownerName = owner.substring(owner.lastIndexOf('/') + 1);
    int dot = nodeCluster.indexOf('.');
    String clusterName = dot < 0 ? nodeCluster : nodeCluster.substring(0, dot);
    return firstSaid(text(metadata, "WORKLOAD_NAME"), ownerName, firstSaid(clusterName, pod, ""));
  }

  private static String version(Node node) {
    if (node.hasUserAgentBuildVersion()) {
      BuildVersion build = node.getUserAgentBuildVersion();
      return String.format(
          Locale.ROOT,
          "%d.%d.%d",
          build.getVersion().getMajorNumber(),
          build.getVersion().getMinorNumber(),
          build.getVersion().getPatch());
    }
    return node.getUserAgentVersion();
  }

  /** Strings as they are; numbers and booleans, which Istio's metadata mixes in, as text. */
  private static String text(Struct metadata, String key) {
    Value value = metadata.getFieldsMap().get(key);
    if (value == null) {
      return "";
    }
    return switch (value.getKindCase()) {
      case STRING_VALUE -> value.getStringValue();
      case NUMBER_VALUE -> {
        double number = value.getNumberValue();
        yield number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
      }
      case BOOL_VALUE -> Boolean.toString(value.getBoolValue());
      default -> "";
    };
  }

  private static String firstSaid(String first, String second, String third) {
    return !first.isEmpty() ? first : !second.isEmpty() ? second : third;
  }
}
