package io.hoptoll.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hoptoll.app.cli.ApiClient.ApiException;
import io.hoptoll.minimesh.Child;
import io.hoptoll.minimesh.LoadPlan;
import io.hoptoll.minimesh.MeshConfig;
import io.hoptoll.minimesh.Topology;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Requests that do not end have no access log: who has them is told while they wait. */
@Tag("mesh")
@Tag("bpf")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@NullUnmarked // what @BeforeAll could not start here stays null, and the tests abort
class HangingTest {
  private static final String SERVER = "hop2-v1";
  private static final Duration SOON = Duration.ofSeconds(40);

  private WatchedMesh watched;

  @BeforeAll
  void start(@TempDir Path dir) throws Exception {
    if (MachineAllows.all()) {
      watched = WatchedMesh.start(dir, c -> MeshConfig.of(Topology.chain(2, 1), c.alsTarget()));
      watched.mesh().load().start(LoadPlan.of("hop1", "/hang", 40, 4));
    }
  }

  @BeforeEach
  void wellAtFirst() {
    Here.canRunMesh();
    Here.canRunBpf();
    Eventually.isTrue(SOON, () -> isWell(verdict()), () -> "not well: " + verdict());
  }

  @AfterAll
  void stop() {
    if (watched != null) {
      watched.close();
    }
  }

  @Test
  void anAppThatDoesNotAnswer() {
    watched.tell(SERVER, "delay 12000");
    try {
      isHeldBy("SERVER_APP", "APP_SERVICE_TIME");
    } finally {
      watched.tell(SERVER, "delay 0");
    }
  }

  @Test
  void anAppThatIsStopped() {
    stopped(watched.mesh().app(SERVER), "SERVER_APP", "APP_FROZEN");
  }

  @Test
  void aSidecarThatIsStopped() {
    stopped(watched.mesh().sidecar(SERVER), "SERVER_SIDECAR", "SIDECAR_FROZEN");
  }

  private void stopped(Child process, String party, String cause) {
    process.signal("STOP");
    try {
      isHeldBy(party, cause);
    } finally {
      process.signal("CONT");
    }
  }

  /** While no request has ended that began since. */
  private void isHeldBy(String party, String cause) {
    Eventually.isTrue(SOON, () -> isHanging(verdict()), () -> "does not hang: " + verdict());
    JsonObject verdict = verdict();
    assertEquals(party, verdict.getString("party"), verdict::encodePrettily);
    assertEquals(cause, verdict.getString("cause"), verdict::encodePrettily);
    JsonObject first = verdict.getJsonArray("findings").getJsonObject(0);
    assertEquals("hop2-v1.default", first.getJsonObject("edge").getString("server"));
  }

  private static boolean isHanging(JsonObject verdict) {
    return verdict.getString("headline", "").contains("without an answer");
  }

  private static boolean isWell(JsonObject verdict) {
    return "HEALTHY".equals(verdict.getString("status"))
        && verdict.getJsonObject("totals", new JsonObject()).getLong("baselineRequests", 0L) > 50;
  }

  private JsonObject verdict() {
    try {
      return watched.api().get("/api/v1/diagnosis?window=10s&path=/hang");
    } catch (ApiException e) {
      return new JsonObject().put("error", e.getMessage());
    }
  }
}
