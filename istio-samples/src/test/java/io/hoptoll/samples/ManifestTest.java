package io.hoptoll.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the API server would not say until the pod does not work: names that must agree. */
class ManifestTest {
  private final JsonNode deployment = Samples.find("istio/hoptoll.yaml", "Deployment", "hoptoll");
  private final JsonNode pod = deployment.at("/spec/template/spec");
  private final JsonNode container = pod.at("/containers/0");

  @Test
  void serviceFindsThePodAndItsPorts() {
    JsonNode service = Samples.find("istio/hoptoll.yaml", "Service", "hoptoll");
    JsonNode labels = deployment.at("/spec/template/metadata/labels");
    service
        .at("/spec/selector")
        .properties()
        .forEach(label -> assertEquals(label.getValue(), labels.path(label.getKey())));
    assertEquals(deployment.at("/spec/selector/matchLabels"), service.at("/spec/selector"));
    Set<String> named = new HashSet<>(Samples.texts(container.path("ports"), "name"));
    assertTrue(named.containsAll(Samples.texts(service.at("/spec/ports"), "targetPort")));
    assertTrue(named.contains(container.at("/readinessProbe/httpGet/port").asText()));
    assertTrue(named.contains(container.at("/livenessProbe/httpGet/port").asText()));
  }

  @Test
  void serverListensOnThePortsOfTheContainer() {
    Set<String> args = new HashSet<>();
    container.path("args").forEach(a -> args.add(a.asText()));
    assertTrue(args.contains("--als=0.0.0.0:" + port("grpc-als")), args.toString());
    assertTrue(args.contains("--agents=0.0.0.0:" + port("grpc-agents")), args.toString());
    assertTrue(args.contains("--http-port=" + port("http")), args.toString());
    assertTrue(args.contains("--http-host=0.0.0.0"), "probes come to the pod's address");
  }

  @Test
  void hoptollItselfHasNoSidecar() {
    JsonNode namespace = Samples.find("istio/hoptoll.yaml", "Namespace", "hoptoll");
    assertEquals("disabled", namespace.at("/metadata/labels/istio-injection").asText());
    assertEquals(
        "false",
        deployment.at("/spec/template/metadata/labels").path("sidecar.istio.io/inject").asText());
  }

  @Test
  void agentSeesTheNode() {
    assertTrue(pod.path("hostPID").asBoolean(), "else /proc has this pod only");
    hasNoMoreRightsThanItNeeds(pod);
    assertEquals(
        Samples.texts(pod.path("volumes"), "name"),
        Samples.texts(container.path("volumeMounts"), "name"));
    assertEquals("/sys/fs/cgroup", container.at("/volumeMounts/0/mountPath").asText());
    assertEquals(1, deployment.at("/spec/replicas").asInt());
  }

  @Test
  void agentsOfEachNodeFindTheServer() {
    JsonNode agents = Samples.find("istio/agents.yaml", "DaemonSet", "hoptoll-agent");
    JsonNode agent = agents.at("/spec/template/spec");
    assertTrue(agent.path("hostPID").asBoolean());
    hasNoMoreRightsThanItNeeds(agent);
    JsonNode labels = agents.at("/spec/template/metadata/labels");
    assertEquals("false", labels.path("sidecar.istio.io/inject").asText());
    assertEquals(agents.at("/spec/selector/matchLabels/app"), labels.path("app"));
    JsonNode service = Samples.find("istio/hoptoll.yaml", "Service", "hoptoll");
    assertNotEquals(service.at("/spec/selector/app"), labels.path("app"), "it is no server");
    String server =
        "--server=%s.%s.svc:%d"
            .formatted(
                service.at("/metadata/name").asText(),
                service.at("/metadata/namespace").asText(),
                port("grpc-agents"));
    assertEquals(server, agent.at("/containers/0/args/1").asText());
    assertEquals(container.path("image"), agent.at("/containers/0/image"));
    JsonNode policy = Samples.find("istio/agents.yaml", "NetworkPolicy", "hoptoll-agents");
    assertEquals(service.at("/spec/selector"), policy.at("/spec/podSelector/matchLabels"));
    assertEquals(
        labels.path("app"), policy.at("/spec/ingress/1/from/0/podSelector/matchLabels/app"));
  }

  /** Node mode: sidecars reach the agent of their own node, under a name of its own. */
  @Test
  void eachNodesSidecarsFindItsAgent() throws IOException {
    JsonNode agent =
        Samples.find("istio/agents.yaml", "DaemonSet", "hoptoll-agent").at("/spec/template");
    JsonNode service = Samples.find("istio/agents.yaml", "Service", "hoptoll-node");
    assertEquals("Local", service.at("/spec/internalTrafficPolicy").asText());
    assertEquals(service.at("/spec/selector/app"), agent.at("/metadata/labels/app"));
    JsonNode port = agent.at("/spec/containers/0/ports/0");
    assertEquals(port.path("name"), service.at("/spec/ports/0/targetPort"));
    assertEquals("grpc-als", service.at("/spec/ports/0/name").asText(), "else no HTTP/2");
    String listens = "HOPTOLL_AGENT_ALS_LISTEN=0.0.0.0:" + port.path("containerPort").asText();
    String agents = Files.readString(Path.of("istio/agents.yaml"));
    assertTrue(
        agents.contains("set env daemonset/hoptoll-agent " + listens), "how to switch it on");
    String address =
        "%s.%s.svc.cluster.local"
            .formatted(
                service.at("/metadata/name").asText(), service.at("/metadata/namespace").asText());
    String mesh = Files.readString(Path.of("istio/mesh-config.yaml"));
    assertTrue(mesh.contains("node mode: " + address), "the other setting is told where it is set");
  }

  /** What LeastPrivilegeLiveTest of the agent proves enough, and what kernels before 5.11 want. */
  private static void hasNoMoreRightsThanItNeeds(JsonNode podSpec) {
    JsonNode rights = podSpec.at("/containers/0/securityContext");
    assertTrue(rights.path("privileged").isMissingNode());
    assertFalse(rights.path("allowPrivilegeEscalation").asBoolean(true));
    assertEquals("[\"ALL\"]", rights.at("/capabilities/drop").toString());
    assertEquals(
        "[\"BPF\",\"PERFMON\",\"SYS_PTRACE\",\"SYSLOG\",\"SYS_RESOURCE\"]",
        rights.at("/capabilities/add").toString());
  }

  @Test
  void imageHasTheNameThatTheScriptBuilds() throws IOException {
    String script = Files.readString(Path.of("istio/install-hoptoll.sh"));
    assertTrue(script.contains("image=" + container.path("image").asText() + "\n"));
  }

  @Test
  void faultsAimAtServicesOfBookinfo() {
    JsonNode delay =
        Samples.find("bookinfo/fault-ratings-delay.yaml", "VirtualService", "hoptoll-fault");
    assertEquals("ratings", delay.at("/spec/hosts/0").asText());
    assertEquals(
        List.of("ratings"), List.of(delay.at("/spec/http/0/route/0/destination/host").asText()));
    JsonNode pool =
        Samples.find("bookinfo/fault-pool-limit.yaml", "DestinationRule", "hoptoll-fault");
    assertEquals("reviews", pool.at("/spec/host").asText());
    assertEquals("bookinfo", pool.at("/metadata/namespace").asText());
  }

  private int port(String name) {
    for (JsonNode port : container.path("ports")) {
      if (port.path("name").asText().equals(name)) {
        return port.path("containerPort").asInt();
      }
    }
    throw new AssertionError("no container port " + name);
  }
}
