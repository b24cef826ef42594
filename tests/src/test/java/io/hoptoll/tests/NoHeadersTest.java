package io.hoptoll.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.app.HoptollServer;
import io.hoptoll.app.cli.ApiClient;
import io.hoptoll.app.config.Config;
import io.hoptoll.app.config.Settings;
import io.hoptoll.minimesh.LoadPlan;
import io.hoptoll.minimesh.MeshConfig;
import io.hoptoll.minimesh.MiniMesh;
import io.hoptoll.minimesh.Topology;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Apps that forward no header: each call has a request id of its own, and time must tell. */
@Tag("mesh")
@Tag("bpf")
class NoHeadersTest {
  private static final int REQUESTS = 300;
  private static final int HOPS = 3;

  @BeforeEach
  void require() {
    Here.canRunMesh();
    Here.canRunBpf();
  }

  @Test
  void eightInFlightAreTreesAllTheSame(@TempDir Path dir) throws Exception {
    String als = "unix:" + Here.opened(dir).resolve("als.sock");
    Config config =
        Config.defaults()
            .with(Settings.STORE_DIR, "off")
            .with(Settings.ALS_LISTEN, List.of(als))
            .with(Settings.HTTP_PORT, 0);
    try (HoptollServer server = HoptollServer.start(config);
        MiniMesh mesh = MiniMesh.start(MeshConfig.of(Topology.chain(HOPS, 1), als))) {
      for (int i = 1; i <= HOPS; i++) {
        mesh.app("hop" + i + "-v1").send("forward off");
        mesh.app("hop" + i + "-v1").send("delay 20");
      }
      mesh.load().start(LoadPlan.of("hop1", "/chain", 60, 8));
      ApiClient api = new ApiClient(server.url());
      Eventually.isTrue(
          Duration.ofSeconds(40),
          () -> trees(api, 500).size() >= REQUESTS,
          () -> trees(api, 500).size() + " requests");
      JsonArray trees = trees(api, REQUESTS);
      long whole = trees.stream().filter(t -> ((JsonObject) t).getInteger("hops") == HOPS).count();
      assertTrue(whole >= 0.95 * REQUESTS, () -> whole + " of " + REQUESTS + " are whole");
      JsonObject tree = tree(api, (JsonObject) trees.getJsonObject(0));
      JsonObject child = tree.getJsonArray("hops").getJsonObject(0);
      assertEquals("ROOT", tree.getString("link"));
      assertEquals("INFERRED", child.getString("link"));
    }
  }

  /** Requests that a user made; newest first. */
  private static JsonArray trees(ApiClient api, int limit) {
    JsonArray roots = new JsonArray();
    for (Object o : api.get("/api/v1/requests?limit=" + limit).getJsonArray("requests")) {
      JsonObject request = (JsonObject) o;
      if (request.getJsonObject("edge").getString("client").startsWith("client")) {
        roots.add(request);
      }
    }
    return roots;
  }

  private static JsonObject tree(ApiClient api, JsonObject row) {
    return api.get("/api/v1/requests/" + row.getString("requestId"))
        .getJsonArray("requests")
        .getJsonObject(0);
  }
}
