package io.hoptoll.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.app.HoptollServer;
import io.hoptoll.app.cli.ApiClient;
import io.hoptoll.app.cli.ApiClient.ApiException;
import io.hoptoll.app.config.Config;
import io.hoptoll.app.config.Settings;
import io.hoptoll.minimesh.LoadPlan;
import io.hoptoll.minimesh.MeshConfig;
import io.hoptoll.minimesh.MiniMesh;
import io.hoptoll.minimesh.fault.Fault;
import io.hoptoll.minimesh.fault.Faults;
import io.hoptoll.minimesh.fault.Truth;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Bookinfo on real Envoys and the real kernel, asked over HTTP as a user would. */
@Tag("mesh")
@Tag("bpf")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@NullUnmarked // what @BeforeAll could not start here stays null, and the tests abort
class EndToEndTest {
  private static final String ID = "11111111-2222-4333-8444-555555555555";
  private static final Duration SOON = Duration.ofSeconds(20);

  private HoptollServer server;
  private MiniMesh mesh;
  private ApiClient api;

  @BeforeAll
  void start(@TempDir Path dir) throws Exception {
    if (!MachineAllows.all()) {
      return; // each test aborts with the reason
    }
    Here.opened(dir);
    String als = "unix:" + dir.resolve("als.sock");
    server =
        HoptollServer.start(
            Config.defaults()
                .with(Settings.STORE_DIR, "off")
                .with(Settings.ALS_LISTEN, java.util.List.of(als))
                .with(Settings.HTTP_PORT, 0));
    mesh = MiniMesh.start(MeshConfig.bookinfo(als));
    api = new ApiClient(server.url());
  }

  @BeforeEach
  void require() {
    Here.canRunMesh();
    Here.canRunBpf();
  }

  @AfterAll
  void stop() {
    if (mesh != null) {
      mesh.close();
    }
    if (server != null) {
      server.close();
    }
  }

  @Test
  @Order(1)
  void oneRequestIsSplitFromTheClientAppToTheLastServerAppAndBack() {
    mesh.load().start(new LoadPlan("productpage", "/one/7", 1, 1, true, ID));
    Eventually.isTrue(SOON, () -> status("/api/v1/requests/" + ID) == 200, () -> "no request seen");
    mesh.load().stop();
    JsonObject request =
        api.get("/api/v1/requests/" + ID).getJsonArray("requests").getJsonObject(0);
    Set<String> edges = new TreeSet<>();
    check(request, edges);
    assertTrue(edges.contains("client.default>productpage-v1.default"), edges::toString);
    assertTrue(edges.contains("productpage-v1.default>details-v1.default"), edges::toString);
    assertTrue(
        edges.stream().anyMatch(e -> e.startsWith("productpage-v1.default>reviews-v")),
        edges::toString);
    assertEquals("E1 first byte sent → E1 last read", request.getString("total"));
  }

  /** Legs in order, adding up; every mark from the kernel; children inside their parent. */
  private static void check(JsonObject hop, Set<String> edges) {
    long at = 0;
    for (Object o : hop.getJsonArray("legs")) {
      JsonObject leg = (JsonObject) o;
      assertEquals(at, leg.getLong("startNanos"));
      at += leg.getLong("nanos");
    }
    assertEquals(hop.getLong("totalNanos"), at);
    for (Object o : hop.getJsonArray("marks")) {
      assertEquals("KERNEL", ((JsonObject) o).getString("source"), hop::encode);
    }
    JsonObject edge = hop.getJsonObject("edge");
    edges.add(edge.getString("client") + ">" + edge.getString("server"));
    for (Object o : hop.getJsonArray("hops")) {
      JsonObject child = (JsonObject) o;
      assertTrue(child.getLong("totalNanos") < hop.getLong("totalNanos"));
      check(child, edges);
    }
  }

  @Test
  @Order(2)
  void aHealthyPathIsHealthyAndNearlyAllIsJoined() {
    mesh.load().start(LoadPlan.of("productpage", "/productpage", 25, 8));
    Eventually.isTrue(
        Duration.ofSeconds(40),
        () -> requests("/productpage") >= 300,
        () -> "too few requests assembled: " + api.get("/healthz").encode());
    JsonObject counts = api.get("/healthz").getJsonObject("components").getJsonObject("correlator");
    assertTrue(counts.getDouble("joinedShare") >= 0.99, counts::encode);
    assertEquals(0, counts.getLong("failures"), counts::encode);
    assertEquals(0, counts.getLong("dropped"), counts::encode);
    JsonObject verdict = api.get("/api/v1/diagnosis?path=/productpage&window=5s");
    assertTrue(verdict.getDouble("coverage") > 0.95, verdict::encode);
  }

  @Test
  @Order(3)
  void aSlowAppIsNamedOnItsOwnHop() {
    verdictNames(new Faults(mesh).slowApp("productpage-v1", "details-v1", 60));
  }

  @Test
  @Order(4)
  void aDelayOnTheWireIsNamedAsTransport() {
    verdictNames(new Faults(mesh).transportDelay("productpage-v1", "details-v1", 20_000, true));
  }

  /** The fault's own truth, on the fault's own edge, within 15 s. */
  private void verdictNames(Fault fault) {
    Instant from = Instant.now().plusSeconds(1);
    fault.start();
    try {
      String query = "/api/v1/diagnosis?path=/productpage&from=" + from;
      Eventually.isTrue(
          Duration.ofSeconds(15),
          () -> Instant.now().isAfter(from.plusSeconds(1)) && names(api.get(query), fault),
          () -> fault.description() + " is not named: " + api.get(query).encodePrettily());
    } finally {
      Truth truth = fault.stop();
      assertTrue(truth.held().count() > 0, truth::toString);
    }
  }

  private static boolean names(JsonObject verdict, Fault fault) {
    JsonArray findings = verdict.getJsonArray("findings");
    return fault.party().name().equals(verdict.getString("party"))
        && fault.cause().name().equals(verdict.getString("cause"))
        && findings
            .getJsonObject(0)
            .getJsonObject("edge")
            .getString("server")
            .equals("details-v1.default");
  }

  @Test
  @Order(5)
  void badQuestionsAreRefusedWithWords() {
    ApiException unknown =
        assertThrows(ApiException.class, () -> api.get("/api/v1/diagnosis?path=/nowhere"));
    assertEquals(404, unknown.status());
    assertTrue(unknown.getMessage().contains("/productpage"), unknown::getMessage);
    for (String bad : new String[] {"window=soon", "from=yesterday", "quantile=2", "window=25h"}) {
      ApiException refused =
          assertThrows(
              ApiException.class, () -> api.get("/api/v1/diagnosis?path=/productpage&" + bad));
      assertEquals(400, refused.status(), bad);
      assertTrue(refused.getMessage().contains("example: /api/v1/diagnosis"), refused::getMessage);
    }
    assertEquals(404, status("/api/v1/requests/no-such-id"));
    assertEquals(404, status("/api/v1/nothing"));
    assertEquals(200, status("/readyz"));
  }

  private long requests(String path) {
    for (Object o : api.get("/api/v1/paths").getJsonArray("paths")) {
      if (path.equals(((JsonObject) o).getString("path"))) {
        return ((JsonObject) o).getLong("requests");
      }
    }
    return 0;
  }

  private int status(String resource) {
    try {
      api.get(resource);
      return 200;
    } catch (ApiException e) {
      return e.status();
    }
  }
}
