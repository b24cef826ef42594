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
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Without the kernel: the rest works, legs are merged, and it says what it cannot tell. */
@Tag("mesh")
class AlsOnlyTest {
  @BeforeEach
  void require() {
    Here.canRunMesh();
  }

  @Test
  void saysWhatIsMissingAndMergesWhatItCannotTellApart(@TempDir Path dir) throws Exception {
    Here.opened(dir);
    String als = "unix:" + dir.resolve("als.sock");
    Config config =
        Config.defaults()
            .with(Settings.STORE_DIR, "off")
            .with(Settings.ALS_LISTEN, List.of(als))
            .with(Settings.HTTP_PORT, 0)
            .with(Settings.BPF, false);
    try (HoptollServer server = HoptollServer.start(config);
        MiniMesh mesh = MiniMesh.start(MeshConfig.of(Topology.chain(2, 1), als))) {
      ApiClient api = new ApiClient(server.url());
      mesh.load().start(LoadPlan.of("hop1", "/chain", 20, 4));
      Eventually.isTrue(
          Duration.ofSeconds(40), () -> answers(api), () -> api.get("/healthz").encode());
      JsonObject verdict = api.get("/api/v1/diagnosis?path=/chain");
      assertTrue(verdict.getDouble("coverage") < 0.9, verdict::encode);
      assertTrue(
          verdict.getJsonArray("doubts").encode().contains("span several parties"),
          verdict::encode);
      assertTrue(
          verdict.getJsonArray("legs").encode().contains("transport.request+"), verdict::encode);
      JsonObject health = api.get("/healthz");
      assertEquals("degraded", health.getString("status"));
      assertTrue(health.getJsonArray("missing").encode().contains("no-bpf"), health::encode);
    }
  }

  private static boolean answers(ApiClient api) {
    try {
      return api.get("/api/v1/diagnosis?path=/chain").getLong("requests") >= 20;
    } catch (ApiException e) {
      return false;
    }
  }
}
