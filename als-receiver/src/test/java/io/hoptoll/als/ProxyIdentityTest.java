package io.hoptoll.als;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.core.v3.BuildVersion;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.type.v3.SemanticVersion;
import io.hoptoll.model.Proxy;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProxyIdentityTest {
  private static final String ISTIO_ID =
      "sidecar~10.88.0.25~server-v2-7f644745b-zl8rv.demo~demo.svc.cluster.local";

  @Test
  void istioSidecarByItsMetadata() {
    Struct.Builder metadata =
        Struct.newBuilder()
            .putFields("NAME", text("server-v2-7f644745b-zl8rv"))
            .putFields("NAMESPACE", text("demo"))
            .putFields("WORKLOAD_NAME", text("server-v2"))
            .putFields("CLUSTER_ID", text("Kubernetes"))
            .putFields("INSTANCE_IPS", text("10.88.0.25, fd00::25,not-an-address"));
    Node node =
        Node.newBuilder()
            .setId(ISTIO_ID)
            .setCluster("server.demo")
            .setMetadata(metadata)
            .setUserAgentBuildVersion(
                BuildVersion.newBuilder()
                    .setVersion(SemanticVersion.newBuilder().setMajorNumber(1).setMinorNumber(40)))
            .build();
    assertEquals(
        new Proxy(
            ISTIO_ID,
            Proxy.Kind.SIDECAR,
            List.of("10.88.0.25", "fd00::25"),
            "demo",
            "server-v2-7f644745b-zl8rv",
            "server-v2",
            "Kubernetes",
            "1.40.0"),
        decode(node));
  }

  @Test
  void istioSidecarByItsIdAlone() {
    Proxy proxy = decode(Node.newBuilder().setId(ISTIO_ID).setCluster("server.demo").build());
    assertEquals(List.of("10.88.0.25"), proxy.podIps());
    assertEquals("demo", proxy.namespace());
    assertEquals("server-v2-7f644745b-zl8rv", proxy.pod());
    assertEquals("server", proxy.workload(), "node.cluster up to the first dot");
  }

  @Test
  void podNamesMayContainDots() {
    Proxy proxy = decode(Node.newBuilder().setId("sidecar~10.0.0.1~a.b.c.ns~ns.svc.x").build());
    assertEquals("a.b.c", proxy.pod());
    assertEquals("ns", proxy.namespace());
  }

  @Test
  void workloadFromTheOwner() {
    Struct.Builder metadata =
        Struct.newBuilder()
            .putFields(
                "OWNER", text("kubernetes://apis/apps/v1/namespaces/demo/deployments/server-v2"));
    Node node =
        Node.newBuilder().setId(ISTIO_ID).setCluster("x.demo").setMetadata(metadata).build();
    assertEquals("server-v2", decode(node).workload());
  }

  @Test
  void gatewayAndWaypoint() {
    Node router =
        Node.newBuilder().setId("router~10.0.0.9~ingress-5c.istio-system~istio-system.svc").build();
    assertEquals(Proxy.Kind.ROUTER, decode(router).kind());
    assertEquals("ingress-5c", decode(router).workload());
    Node waypoint = Node.newBuilder().setId("waypoint~10.0.0.8~wp-1.ns~ns.svc").build();
    assertEquals(Proxy.Kind.WAYPOINT, decode(waypoint).kind());
  }

  @Test
  void plainEnvoyIsItsOwnPod() {
    Proxy proxy =
        decode(
            Node.newBuilder()
                .setId("edge-1")
                .setCluster("edge")
                .setUserAgentVersion("1.29.0-dev")
                .build());
    assertEquals(
        new Proxy("edge-1", Proxy.Kind.OTHER, List.of(), "", "edge-1", "edge", "", "1.29.0-dev"),
        proxy);
    assertEquals(
        Proxy.Kind.OTHER,
        decode(Node.newBuilder().setId("sidecar~10.0.0.1").build()).kind(),
        "two parts are not Istio's four");
  }

  @Test
  void envoyThatSaysNothingIsNamedAfterItsConnection() {
    Proxy proxy = ProxyIdentity.decode(Node.getDefaultInstance(), "10.0.0.3");
    assertEquals("envoy@10.0.0.3", proxy.nodeId());
    assertEquals("envoy@10.0.0.3", proxy.pod());
    assertEquals("envoy@10.0.0.3", proxy.workload());
  }

  @Test
  void numbersInMetadataAreText() {
    Struct.Builder metadata =
        Struct.newBuilder().putFields("NAME", Value.newBuilder().setNumberValue(42).build());
    assertEquals("42", decode(Node.newBuilder().setId("x").setMetadata(metadata).build()).pod());
  }

  private static Proxy decode(Node node) {
    return ProxyIdentity.decode(node, "10.9.9.9");
  }

  private static Value text(String s) {
    return Value.newBuilder().setStringValue(s).build();
  }
}
