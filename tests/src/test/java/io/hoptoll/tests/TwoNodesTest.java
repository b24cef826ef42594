package io.hoptoll.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.agent.AgentConfig;
import io.hoptoll.agent.SocketAgent;
import io.hoptoll.app.HoptollServer;
import io.hoptoll.app.cli.ApiClient;
import io.hoptoll.app.config.Config;
import io.hoptoll.app.config.Settings;
import io.hoptoll.minimesh.LoadPlan;
import io.hoptoll.minimesh.MeshConfig;
import io.hoptoll.minimesh.MiniMesh;
import io.hoptoll.minimesh.Pod;
import io.hoptoll.minimesh.fault.Fault;
import io.hoptoll.minimesh.fault.Faults;
import io.hoptoll.model.Nanos;
import io.hoptoll.wire.AgentClient;
import io.hoptoll.wire.AgentClientConfig;
import io.hoptoll.wire.AgentHealth;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two agents share the pods of one minimesh, as if on two machines: namespaces and sockets of both
 * have the same numbers, and their monotonic clocks are years apart.
 */
@Tag("mesh")
@Tag("bpf")
class TwoNodesTest {
  private static final String ID = "88888888-2222-4333-8444-555555555555";
  private static final String HELD = "88888888-2222-4333-8444-666666666666";
  private static final int HELD_MICROS = 20_000;
  private static final double DRIFT = 50e-6;
  private static final Duration SOON = Duration.ofSeconds(40);
  private static final Set<String> ON_A = Set.of("client", "productpage-v1");
  private static final long YEARS = 100_000_000 * Nanos.PER_SECOND;

  private record Node(AgentClient client, SocketAgent sockets) implements AutoCloseable {
    @Override
    public void close() {
      sockets.close();
      client.close();
    }
  }

  @BeforeEach
  void require() {
    Here.canRunMesh();
    Here.canRunBpf();
  }

  @Test
  void hopsBetweenThemAreWholeAndNothingMixes(@TempDir Path dir) throws Exception {
    Here.opened(dir);
    String als = "unix:" + dir.resolve("als.sock");
    try (HoptollServer server = server(als);
        MiniMesh mesh = MiniMesh.start(MeshConfig.bookinfo(als));
        Node a = node("a", 0, mesh, server, pod -> ON_A.contains(pod.workload()));
        Node b = node("b", YEARS, mesh, server, pod -> !ON_A.contains(pod.workload()))) {
      ApiClient api = new ApiClient(server.url());
      Eventually.isTrue(
          SOON,
          () -> a.client().stats().connected() && b.client().stats().connected(),
          () -> a.client().stats() + " " + b.client().stats());
      mesh.load().start(LoadPlan.of("productpage", "/productpage", 20, 8));
      Eventually.isTrue(SOON, () -> requests(api) >= 200, () -> health(api).encodePrettily());
      mesh.load().stop();
      JsonObject correlator = health(api).getJsonObject("correlator");
      assertTrue(correlator.getDouble("joinedShare") >= 0.99, correlator::encode);

      mesh.load().start(new LoadPlan("productpage", "/one/7", 1, 1, true, ID));
      Eventually.isTrue(
          SOON, () -> requests(api, "/one/{id}") > 0, () -> health(api).encodePrettily());
      mesh.load().stop();
      Map<String, String> nodes = new TreeMap<>();
      KernelLedger.check(
          api.get("/api/v1/requests/" + ID).getJsonArray("requests").getJsonObject(0),
          hop -> between(hop, nodes));
      assertEquals("a>a", nodes.get("client.default>productpage-v1.default"), nodes::toString);
      assertEquals("a>b", nodes.get("productpage-v1.default>details-v1.default"), nodes::toString);
    }
  }

  /**
   * Requests to another node are held for 20 ms, answers are not; that node's clock runs faster.
   */
  @Test
  void theWayThatWasSlowIsTold(@TempDir Path dir) throws Exception {
    Here.opened(dir);
    String als = "unix:" + dir.resolve("als.sock");
    try (HoptollServer server = server(als);
        MiniMesh mesh = MiniMesh.start(MeshConfig.bookinfo(als));
        Node a = node("a", 0, mesh, server, pod -> ON_A.contains(pod.workload()));
        Node b = node("b", YEARS, mesh, server, pod -> !ON_A.contains(pod.workload()))) {
      ApiClient api = new ApiClient(server.url());
      Eventually.isTrue(
          SOON,
          () -> a.client().stats().connected() && b.client().stats().connected(),
          () -> a.client().stats() + " " + b.client().stats());
      mesh.load().start(LoadPlan.of("productpage", "/productpage", 20, 8));
      Eventually.isTrue(SOON, () -> requests(api) >= 100, () -> health(api).encodePrettily());
      mesh.load().stop();
      Fault held =
          new Faults(mesh).transportDelay("productpage-v1", "details-v1", HELD_MICROS, false);
      held.start();
      mesh.load().start(new LoadPlan("productpage", "/held/7", 4, 1, true, HELD));
      Eventually.isTrue(
          SOON, () -> requests(api, "/held/{id}") > 8, () -> health(api).encodePrettily());
      mesh.load().stop();
      held.stop();
      List<JsonObject> hops = new ArrayList<>();
      api.get("/api/v1/requests/" + HELD + "/explain").getJsonArray("requests").stream()
          .forEach(r -> collect((JsonObject) r, "productpage-v1.default", "details-v1", hops));
      assertTrue(hops.size() > 8, hops::toString);
      hops.forEach(TwoNodesTest::assertRequestWasSlow);
    }
  }

  private static void collect(JsonObject hop, String from, String to, List<JsonObject> out) {
    JsonObject edge = hop.getJsonObject("edge");
    if (edge.getString("client").startsWith(from) && edge.getString("server").startsWith(to)) {
      out.add(hop);
    }
    hop.getJsonArray("hops").forEach(child -> collect((JsonObject) child, from, to, out));
  }

  /** The injector held each for no less; what else the wire took is not the test's to know. */
  private static void assertRequestWasSlow(JsonObject hop) {
    Map<String, Long> legs = new TreeMap<>();
    for (Object leg : hop.getJsonArray("legs")) {
      legs.merge(
          ((JsonObject) leg).getString("leg"), ((JsonObject) leg).getLong("nanos"), Long::sum);
    }
    assertTrue(hop.getString("clocks").contains("each wrong by"), hop::encodePrettily);
    long request = legs.getOrDefault("transport.request", 0L);
    long response = legs.getOrDefault("transport.response", 0L);
    assertTrue(request > 3 * response, hop::encodePrettily);
    assertTrue(request + response >= HELD_MICROS * 1_000L, hop::encodePrettily);
  }

  /** Notes which nodes the hop is between. */
  private static void between(JsonObject hop, Map<String, String> nodes) {
    JsonObject edge = hop.getJsonObject("edge");
    nodes.put(
        edge.getString("client") + ">" + edge.getString("server"),
        hop.getJsonObject("client").getString("node")
            + ">"
            + hop.getJsonObject("server").getString("node"));
  }

  private static Node node(
      String name, long aheadNanos, MiniMesh mesh, HoptollServer server, Predicate<Pod> has)
      throws Exception {
    AgentClient client =
        new AgentClient(
            new AgentClientConfig(
                "127.0.0.1:" + server.agentsPort(), name, "boot-" + name, 1, 64 << 20, "test"),
            () ->
                new AgentHealth(
                    true, "", "", true, 0, 0, 0, 0, List.of(), Map.of(), List.of(), Map.of()));
    Set<Long> namespaces =
        mesh.pods().stream().filter(has).map(TwoNodesTest::inode).collect(Collectors.toSet());
    SocketAgent sockets =
        SocketAgent.start(
            new AgentConfig(name, true, namespaces),
            Elsewhere.machine(client.sockets(), aheadNanos, aheadNanos == 0 ? 0 : DRIFT));
    client.start();
    return new Node(client, sockets);
  }

  private static long inode(Pod pod) {
    try {
      return (Long) Files.getAttribute(Path.of("/run/netns", pod.netns()), "unix:ino");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static HoptollServer server(String als) throws IOException {
    return HoptollServer.start(
        Config.defaults()
            .with(Settings.BPF, false)
            .with(Settings.AGENTS_LISTEN, "127.0.0.1:0")
            .with(Settings.STORE_DIR, "off")
            .with(Settings.ALS_LISTEN, List.of(als))
            .with(Settings.HTTP_PORT, 0));
  }

  private static JsonObject health(ApiClient api) {
    return api.get("/healthz").getJsonObject("components");
  }

  private static long requests(ApiClient api) {
    return requests(api, "/productpage");
  }

  private static long requests(ApiClient api, String path) {
    return api.get("/api/v1/paths").getJsonArray("paths").stream()
        .map(JsonObject.class::cast)
        .filter(p -> path.equals(p.getString("path")))
        .mapToLong(p -> p.getLong("requests"))
        .sum();
  }
}
