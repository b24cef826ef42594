package io.hoptoll.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.minimesh.LoadGenerator;
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

/** Single requests of HTTP/1.1 that do not go from send to receive in order, or fail. */
@Tag("mesh")
@Tag("bpf")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@NullUnmarked // what @BeforeAll could not start here stays null, and the tests abort
class HardRequestsTest {
  private static final String SERVER = "hop1-v1";
  private static final String EDGE = "client.default → hop1-v1.default";

  private WatchedMesh watched;

  @BeforeAll
  void start(@TempDir Path dir) throws Exception {
    if (MachineAllows.all()) {
      watched = WatchedMesh.start(dir, c -> MeshConfig.of(Topology.chain(1, 1), c.alsTarget()));
      assertEquals(200, talk("head=GET,/first,0,first answer"));
      say();
    }
  }

  /** All at once, so that all entries are waited for together. */
  private void say() {
    assertEquals(200, with("fail-first 1", "head=GET,/retried,0,retried answer"));
    app("fail-first 0");
    assertEquals(200, with("delay 700", "head=GET,/hedged,0,hedged answer"));
    assertEquals(504, talk("head=GET,/timed,0,timed answer"));
    for (int i = 0; i < 12; i++) {
      talk("head=GET,/left,0,left-" + i + " pause=60");
    }
    load("/timed");
    app("delay 0");
    assertEquals(403, talk("head=GET,/denied,0,denied answer"));
    load("/denied");
    with(
        "early on", "head=POST,/early,60000,early body=1000 pause=100 answer body=59000 pause=100");
    app("early off");
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
  void aRetriedRequestHasItsFirstAttemptAsALeg() {
    JsonObject hop = joined("retried", 200);
    assertEquals(2, hop.getInteger("attempts"));
    assertEquals(1, hop.getJsonArray("earlierAttempts").size(), hop::encodePrettily);
    JsonObject first = hop.getJsonArray("earlierAttempts").getJsonObject(0);
    assertEquals(503, first.getInteger("responseCode"), hop::encodePrettily);
    assertTrue(has(hop, "client.sidecar.attempts"), hop::encodePrettily);
  }

  @Test
  void aHedgedRequestHasBothAttempts() {
    JsonObject hop = joined("hedged", 200);
    assertEquals(1, hop.getJsonArray("earlierAttempts").size(), hop::encodePrettily);
    assertEquals(200, hop.getJsonObject("server").getInteger("responseCode"));
  }

  @Test
  void aRouteTimeoutIsTheClientSidecars() {
    JsonObject hop = joined("timed", 504);
    assertEquals("response_timeout", hop.getString("responseCodeDetails"));
    watched.diagnosed("/timed", "CLIENT_SIDECAR", "SIDECAR_TIMEOUT_SET_TOO_LOW");
  }

  @Test
  void aClientThatLeavesIsNamed() {
    JsonObject hop = joined("left-3", 0);
    assertNotNull(hop.getJsonObject("server").getJsonObject("servingApp"), hop::encodePrettily);
    watched.diagnosed("/left", "CLIENT_APP", "CLIENT_ABORT");
  }

  @Test
  void aDenialIsThePolicysOfTheServerSidecar() {
    JsonObject hop = joined("denied", 403);
    assertNull(hop.getJsonObject("server").getJsonObject("upstream"), hop::encodePrettily);
    assertTrue(!has(hop, "server.app"), hop::encodePrettily);
    watched.diagnosed("/denied", "SERVER_SIDECAR", "SIDECAR_DENIED");
  }

  @Test
  void anAnswerBeforeTheRequestEndedBalances() {
    JsonObject hop = joined("early", 200);
    assertTrue(has(hop, "server.app.service"), hop::encodePrettily);
  }

  private JsonObject joined(String id, int code) {
    JsonObject hop = watched.request(id);
    assertEquals(EDGE, WatchedMesh.edge(hop));
    assertEquals(code, hop.getInteger("responseCode"), hop::encodePrettily);
    assertNotNull(hop.getJsonObject("client"), hop::encodePrettily);
    assertNotNull(hop.getJsonObject("server"), hop::encodePrettily);
    return hop;
  }

  private static boolean has(JsonObject hop, String leg) {
    return hop.getJsonArray("legs").stream()
        .anyMatch(l -> ((JsonObject) l).getString("leg").contains(leg));
  }

  private int with(String command, String words) {
    app(command);
    return talk(words);
  }

  /** As many requests as a verdict needs. */
  private void load(String path) {
    LoadGenerator load = watched.mesh().load();
    load.reset();
    load.start(LoadPlan.of("hop1", path, 40, 16));
    Eventually.isTrue(
        Duration.ofSeconds(15), () -> load.stats().requests() >= 20, () -> load.stats().toString());
    load.stop();
  }

  private int talk(String words) {
    return watched.talk("client", "hop1 9080 " + words);
  }

  private void app(String command) {
    watched.tell(SERVER, command);
  }
}
