package io.hoptoll.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.minimesh.LoadPlan;
import io.hoptoll.minimesh.MeshConfig;
import io.hoptoll.minimesh.Topology;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many requests at once on one connection: gRPC unary and streaming, HTTP/2 between sidecars. */
@Tag("mesh")
@Tag("bpf")
class MultiplexedTest {
  private static final int REQUESTS = 100;
  private static final int IN_FLIGHT = 32;

  @BeforeEach
  void require() {
    Here.canRunMesh();
    Here.canRunBpf();
  }

  @Test
  void streamsOfOneConnectionAreJoinedAndLongOnesAreNotSlow(@TempDir Path dir) throws Exception {
    Topology grpc = new Topology(Topology.chain(1, 1).pods(), true);
    try (WatchedMesh watched =
        WatchedMesh.start(dir, c -> MeshConfig.of(grpc, c.alsTarget()).withHttp2())) {
      watched.tell("hop1-v1", "stream 5 40");
      serves(watched, LoadPlan.grpc("hop1", true, 100, IN_FLIGHT));
      serves(watched, LoadPlan.grpc("hop1", false, 100, IN_FLIGHT));
      serves(watched, LoadPlan.of("hop1", "/upgraded", 100, IN_FLIGHT));
      JsonObject streams =
          watched.api().get("/api/v1/diagnosis?window=60s&path=/minimesh.Shop/List");
      assertEquals("HEALTHY", streams.getString("status"), streams::encodePrettily);
      JsonObject counts = watched.correlator();
      assertTrue(counts.getDouble("joinedShare") >= 0.99, counts::encode);
      assertEquals(0, counts.getLong("failures"), counts::encode);
      JsonObject events = counts.getJsonObject("counts");
      assertEquals(0, events.getLong("clocks_contradict"), counts::encode);
    }
  }

  private static void serves(WatchedMesh watched, LoadPlan plan) {
    watched.mesh().load().start(plan);
    Eventually.isTrue(
        Duration.ofSeconds(20),
        () -> requests(watched, plan.path()) >= REQUESTS,
        () -> plan + ": " + watched.correlator().encode());
    watched.mesh().load().stop();
  }

  private static long requests(WatchedMesh watched, String path) {
    return watched.api().get("/api/v1/paths").getJsonArray("paths").stream()
        .map(JsonObject.class::cast)
        .filter(p -> path.equals(p.getString("path")))
        .mapToLong(p -> p.getLong("requests"))
        .sum();
  }
}
