package io.hoptoll.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.app.HoptollServer;
import io.hoptoll.app.cli.ApiClient;
import io.hoptoll.app.cli.ApiClient.ApiException;
import io.hoptoll.app.config.Config;
import io.hoptoll.app.config.Settings;
import io.hoptoll.minimesh.LoadPlan;
import io.hoptoll.minimesh.MeshConfig;
import io.hoptoll.minimesh.MiniMesh;
import io.hoptoll.minimesh.Topology;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Started, fed by real Envoys, ended, started again: the earlier answers are still there. */
@Tag("mesh")
class StoreRestartTest {
  @BeforeEach
  void require() {
    Here.canRunMesh();
  }

  @Test
  void aServerThatStartsAgainAnswersOfBefore(@TempDir Path dir) throws Exception {
    Here.opened(dir);
    String als = "unix:" + dir.resolve("als.sock");
    Config config =
        Config.defaults()
            .with(Settings.STORE_DIR, dir.resolve("store").toString())
            .with(Settings.ALS_LISTEN, List.of(als))
            .with(Settings.HTTP_PORT, 0)
            .with(Settings.BPF, false);
    // What is restored has windows of ten seconds: one that begins before is not in the range.
    Instant from = Instant.ofEpochSecond(Instant.now().getEpochSecond() / 10 * 10);
    String query = "/api/v1/diagnosis?path=/chain&from=" + from + "&to=" + from.plusSeconds(600);
    JsonObject before;
    JsonObject explained;
    String slowest;
    try (HoptollServer server = HoptollServer.start(config)) {
      ApiClient api = new ApiClient(server.url());
      try (MiniMesh mesh = MiniMesh.start(MeshConfig.of(Topology.chain(2, 1), als))) {
        mesh.load().start(LoadPlan.of("hop1", "/chain", 20, 4));
        Eventually.isTrue(
            Duration.ofSeconds(40),
            () -> requests(api, query) >= 100,
            () -> api.get("/healthz").encode());
      }
      settle(api, query);
      before = api.get(query);
      slowest = slowest(api, from);
      explained = api.get("/api/v1/requests/" + slowest + "/explain");
    }
    try (HoptollServer server = HoptollServer.start(config)) {
      ApiClient api = new ApiClient(server.url());
      JsonObject after = api.get(query);
      for (String part : List.of("requests", "status", "headline", "legs", "totals", "tail")) {
        assertEquals(before.getValue(part), after.getValue(part), part);
      }
      assertEquals(slowest, slowest(api, from));
      assertEquals(explained, api.get("/api/v1/requests/" + slowest + "/explain"));
      assertEquals(
          slowest,
          api.get("/api/v1/requests/" + slowest)
              .getJsonArray("requests")
              .getJsonObject(0)
              .getString("requestId"));
      JsonObject store = api.get("/healthz").getJsonObject("components").getJsonObject("store");
      assertTrue(store.getBoolean("open"), store::encode);
      String paths = api.get("/api/v1/paths?from=" + from).encode();
      assertTrue(paths.contains("/chain"), paths);
    }
  }

  private static String slowest(ApiClient api, Instant from) {
    return api.get("/api/v1/requests?path=/chain&order=slowest&limit=1&from=" + from)
        .getJsonArray("requests")
        .getJsonObject(0)
        .getString("requestId");
  }

  /** Until nothing more comes in: what waits for its other half does so for seconds. */
  private static void settle(ApiClient api, String query) throws InterruptedException {
    for (long last = -1; requests(api, query) != last; Thread.sleep(8_000)) {
      last = requests(api, query);
    }
  }

  private static long requests(ApiClient api, String query) {
    try {
      return api.get(query).getLong("requests");
    } catch (ApiException e) {
      return 0;
    }
  }
}
