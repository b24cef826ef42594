package io.hoptoll.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.app.HoptollServer;
import io.hoptoll.app.cli.ApiClient;
import io.hoptoll.app.cli.ApiClient.ApiException;
import io.hoptoll.app.cli.Hoptoll;
import io.hoptoll.app.config.Config;
import io.hoptoll.app.config.Settings;
import io.hoptoll.minimesh.LoadPlan;
import io.hoptoll.minimesh.MeshConfig;
import io.hoptoll.minimesh.MiniMesh;
import io.hoptoll.minimesh.fault.Fault;
import io.hoptoll.minimesh.fault.Faults;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code hoptoll agent}, a process of its own, and a server that loads no probes. */
@Tag("mesh")
@Tag("bpf")
@Tag("envoy")
class AgentProcessTest {
  private static final String ID = "77777777-2222-4333-8444-555555555555";
  private static final Duration SOON = Duration.ofSeconds(40);

  @TempDir Path dir;

  @BeforeEach
  void require() {
    Here.canRunMesh();
    Here.canRunBpf();
  }

  @Test
  void ledgersAndVerdictsAreThoseOfOneProcess() throws Exception {
    Here.opened(dir);
    String als = "unix:" + dir.resolve("als.sock");
    HoptollServer server = server(als, 0);
    int port = server.agentsPort();
    Process agent = agent("127.0.0.1:" + port, "here");
    try (MiniMesh mesh = MiniMesh.start(MeshConfig.bookinfo(als))) {
      ApiClient api = new ApiClient(server.url());
      soon(() -> agents(api, a -> a.getJsonObject("probes").getBoolean("running")), api);
      mesh.load().start(new LoadPlan("productpage", "/one/7", 1, 1, true, ID));
      soon(() -> isThere(api, "/api/v1/requests/" + ID), api);
      mesh.load().stop();
      KernelLedger.check(
          api.get("/api/v1/requests/" + ID).getJsonArray("requests").getJsonObject(0), hop -> {});
      mesh.load().start(LoadPlan.of("productpage", "/productpage", 25, 8));
      soon(() -> requests(api) >= 150, api);
      JsonObject joined = correlator(api);
      assertTrue(joined.getDouble("joinedShare") >= 0.99, joined::encode);
      assertTrue(agents(api, a -> a.getLong("malformed") == 0), () -> told(api));
      faultIsNamed(api, new Faults(mesh).slowApp("productpage-v1", "details-v1", 60));

      server.close(); // the agent keeps what it sees, and tells the next one what is there
      server = server(als, port);
      ApiClient again = new ApiClient(server.url());
      soon(() -> coverage(again) > 0.95, again);
      assertEquals(
          List.of(), again.get("/healthz").getJsonArray("missing").getList(), () -> told(again));
      assertTrue(text(server, "/metrics").contains("hoptoll_agents_up{node=\"here\"} 1"));
      OpenApi described = new OpenApi(text(server, "/api/v1/openapi.json"));
      String said = text(server, "/api/v1/agents");
      assertEquals(
          List.of(), described.faults("/api/v1/agents", 200, "application/json", said), said);
    } finally {
      agent.destroy();
      assertTrue(agent.waitFor(10, TimeUnit.SECONDS), "the agent does not end");
      server.close();
    }
  }

  private static void faultIsNamed(ApiClient api, Fault fault) throws Exception {
    fault.start();
    try {
      soon(
          () -> {
            JsonObject verdict = api.get("/api/v1/diagnosis?path=/productpage&window=5s");
            return fault.cause().name().equals(verdict.getString("cause"))
                && fault.party().name().equals(verdict.getString("party"));
          },
          api);
    } finally {
      fault.stop();
    }
  }

  private static HoptollServer server(String als, int port) throws IOException {
    return HoptollServer.start(
        Config.defaults()
            .with(Settings.BPF, false)
            .with(Settings.AGENTS_LISTEN, "127.0.0.1:" + port)
            .with(Settings.STORE_DIR, "off")
            .with(Settings.ALS_LISTEN, List.of(als))
            .with(Settings.HTTP_PORT, 0));
  }

  private Process agent(String server, String node) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Hoptoll.class.getName(),
            "agent",
            "--server=" + server,
            "--node=" + node)
        .redirectErrorStream(true)
        .redirectOutput(dir.resolve("agent.log").toFile())
        .start();
  }

  private static boolean agents(ApiClient api, Predicate<JsonObject> all) {
    var agents = api.get("/api/v1/agents").getJsonArray("agents");
    return !agents.isEmpty() && agents.stream().allMatch(a -> all.test((JsonObject) a));
  }

  private static String text(HoptollServer server, String resource) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(server.url() + resource)).build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private static boolean isThere(ApiClient api, String resource) {
    try {
      api.get(resource);
      return true;
    } catch (ApiException e) {
      return false;
    }
  }

  private static long requests(ApiClient api) {
    return api.get("/api/v1/paths").getJsonArray("paths").stream()
        .map(JsonObject.class::cast)
        .filter(p -> "/productpage".equals(p.getString("path")))
        .mapToLong(p -> p.getLong("requests"))
        .sum();
  }

  /** Of the last seconds: access logs that came before the agent are not joined. */
  private static double coverage(ApiClient api) {
    try {
      return api.get("/api/v1/diagnosis?path=/productpage&window=5s").getDouble("coverage", 0.0);
    } catch (ApiException e) {
      return 0; // the path is not known yet
    }
  }

  private static JsonObject correlator(ApiClient api) {
    return api.get("/healthz").getJsonObject("components").getJsonObject("correlator");
  }

  private static String told(ApiClient api) {
    return api.get("/healthz").encodePrettily();
  }

  private static void soon(BooleanSupplier condition, ApiClient api) {
    Eventually.isTrue(SOON, condition, () -> told(api));
  }
}
