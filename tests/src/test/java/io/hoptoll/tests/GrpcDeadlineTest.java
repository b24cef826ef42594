package io.hoptoll.tests;

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

/**
 * A gRPC call has a deadline that each hop passes on (grpc-timeout): caller and servers end their
 * streams at the same moment, and who is first differs from call to call. Who was slow does not.
 */
@Tag("mesh")
@Tag("bpf")
class GrpcDeadlineTest {
  private static final Duration SOON = Duration.ofSeconds(40);
  private static final String PATH = "/minimesh.Shop/Get";

  @BeforeEach
  void require() {
    Here.canRunMesh();
    Here.canRunBpf();
  }

  @Test
  void theServerThatIsSlowIsNamed(@TempDir Path dir) throws Exception {
    try (WatchedMesh watched =
        WatchedMesh.start(dir, c -> MeshConfig.of(Topology.grpc(), c.alsTarget()))) {
      watched.mesh().app("client").send("deadline 300");
      watched.mesh().load().start(LoadPlan.grpc("hop1", false, 60, 32));
      Eventually.isTrue(
          SOON, () -> isWell(watched.verdict(PATH)), () -> "not well: " + watched.verdict(PATH));
      watched.tell("hop2-v1", "delay 1000");
      watched.tell("hop2-v2", "delay 1000");
      Eventually.isTrue(
          SOON, () -> isNamed(watched.verdict(PATH)), () -> "not said: " + watched.verdict(PATH));
    }
  }

  private static boolean isNamed(JsonObject verdict) {
    return "SERVER_APP".equals(verdict.getString("party"))
        && "APP_SERVICE_TIME".equals(verdict.getString("cause"))
        && verdict.getString("headline").contains("given up")
        && verdict
            .getJsonArray("findings")
            .getJsonObject(0)
            .getJsonObject("edge")
            .getString("server")
            .startsWith("hop2");
  }

  private static boolean isWell(JsonObject verdict) {
    return verdict.getJsonObject("totals", new JsonObject()).getLong("baselineRequests", 0L) > 200;
  }
}
