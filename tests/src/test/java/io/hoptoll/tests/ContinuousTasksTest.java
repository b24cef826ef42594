package io.hoptoll.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.minimesh.MeshConfig;
import io.hoptoll.minimesh.Topology;
import io.vertx.core.json.JsonArray;
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

/**
 * Tasks that wait for a threshold on a live pod: each starts its run once its own is exceeded, not
 * while all is well. For p99 see {@link ProfilingTaskTest}.
 */
@Tag("mesh")
@Tag("bpf")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@NullUnmarked // what @BeforeAll could not start here stays null, and the tests abort
class ContinuousTasksTest {
  private static final Duration SOON = Duration.ofSeconds(40);
  private static final String TASKS = "/api/v1/profiling-tasks";
  private static final String SERVER = "hop1-v1";
  private static final int ENOUGH = 4;

  private WatchedMesh watched;
  private String pod;
  private int asked;

  @BeforeAll
  void start(@TempDir Path dir) throws Exception {
    if (!MachineAllows.all()) {
      return; // each test aborts with the reason
    }
    watched = WatchedMesh.start(dir, c -> MeshConfig.of(Topology.chain(1, 1), c.alsTarget()));
    watched.tell(SERVER, "usual 100"); // so that nearly all of the time is the app's
    asks(1, 200);
    watched.request("continuous-1"); // by now the sidecar has named its pod
    pod = watched.podOf(watched.mesh().pod(SERVER).ip());
  }

  @BeforeEach
  void require() {
    Here.canRunMesh();
    Here.canRunBpf();
  }

  @AfterAll
  void stop() {
    if (watched != null) {
      watched.close();
    }
  }

  @Test
  void errors() {
    String id = waits("errorRate", 0.3, 30);
    staysWellWithRequests(id);
    watched.tell(SERVER, "error 500 1000");
    try {
      asks(ENOUGH, 500);
      runs(id, "error rate ");
    } finally {
      watched.tell(SERVER, "error 0 0");
    }
  }

  @Test
  void timeInTheSidecar() {
    String id = waits("sidecarShare", 0.4, 30);
    staysWellWithRequests(id);
    watched.mesh().runtime(SERVER, "mm.inbound.delay_percent=100&mm.inbound.delay_ms=400");
    try {
      asks(ENOUGH, 200);
      runs(id, "sidecar share ");
    } finally {
      watched.mesh().runtime(SERVER, "mm.inbound.delay_percent=&mm.inbound.delay_ms=");
    }
  }

  @Test
  void cpuWithoutAnyRequest() {
    String never = waits("cpu", 1_000, 5);
    Eventually.isTrue(
        SOON,
        () -> task(never).getJsonObject("reading").getDouble("cpu", 1.0) < 0.1,
        () -> task(never).encodePrettily());
    String id = waits("cpu", 0.2, 5);
    assertEquals(new JsonArray(), task(id).getJsonArray("runs"), () -> task(id).encodePrettily());
    watched.tell(SERVER, "block 900 100"); // of each second, busy
    try {
      runs(id, "CPU ");
      assertEquals("WAITING", task(never).getString("state"));
      assertEquals(new JsonArray(), task(never).getJsonArray("runs"));
    } finally {
      watched.tell(SERVER, "block 0 0");
      watched.api().delete(TASKS + "/" + never);
    }
  }

  @Test
  void cpuOfAProgramWithoutSockets() throws Exception {
    String id = waits("cpu", 0.2, 5);
    String netns = watched.mesh().pod(SERVER).netns();
    Process busy =
        new ProcessBuilder("ip", "netns", "exec", netns, "sh", "-c", "while :; do :; done").start();
    try {
      runs(id, "CPU ");
    } finally {
      busy.destroyForcibly().waitFor();
    }
  }

  /** A task that waits for this threshold over so many seconds. */
  private String waits(String threshold, double value, int seconds) {
    JsonObject when =
        new JsonObject().put(threshold, value).put("window", seconds + "s").put("minRequests", 2);
    JsonObject body = new JsonObject().put("pod", pod).put("duration", "5m").put("when", when);
    String id = watched.api().post(TASKS, body).getString("id");
    assertEquals("WAITING", task(id).getString("state"));
    return id;
  }

  private void staysWellWithRequests(String id) {
    asks(ENOUGH, 200);
    Eventually.isTrue(
        SOON,
        () -> task(id).getJsonObject("reading").getLong("requests") >= ENOUGH,
        () -> task(id).encodePrettily());
    assertEquals(new JsonArray(), task(id).getJsonArray("runs"), () -> task(id).encodePrettily());
  }

  /** Waits until the task has started one run, for this reason. */
  private void runs(String id, String because) {
    Eventually.isTrue(
        SOON, () -> !task(id).getJsonArray("runs").isEmpty(), () -> task(id).encodePrettily());
    JsonObject run = task(task(id).getJsonArray("runs").getString(0));
    assertEquals(id, run.getString("startedBy"));
    assertTrue(run.getString("because").startsWith(because), run::encodePrettily);
    assertEquals("RUNNING", run.getString("state"));
    watched.api().delete(TASKS + "/" + id);
    watched.api().delete(TASKS + "/" + run.getString("id"));
  }

  private void asks(int requests, int status) {
    for (int i = 0; i < requests; i++) {
      String words = "hop1 9080 head=GET,/continuous,0,continuous-" + ++asked + " answer";
      assertEquals(status, watched.talk("client", words));
    }
  }

  private JsonObject task(String id) {
    return watched.api().get(TASKS + "/" + id);
  }
}
