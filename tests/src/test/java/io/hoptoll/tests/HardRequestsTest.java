package io.hoptoll.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.minimesh.LoadPlan;
import io.hoptoll.minimesh.MeshConfig;
import io.hoptoll.minimesh.Topology;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
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
    }
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
    int status = with("fail-first 1", "fail-first 0", "head=GET,/retried,0,retried answer");
    assertEquals(200, status);
    JsonObject hop = joined("retried", 200);
    assertEquals(2, hop.getInteger("attempts"));
    assertEquals(1, hop.getJsonArray("earlierAttempts").size(), hop::encodePrettily);
    JsonObject first = hop.getJsonArray("earlierAttempts").getJsonObject(0);
    assertEquals(503, first.getInteger("responseCode"), hop::encodePrettily);
    assertTrue(has(hop, "client.sidecar.attempts"), hop::encodePrettily);
  }

  @Test
  void aHedgedRequestHasBothAttempts() {
    int status = with("delay 700", "delay 0", "head=GET,/hedged,0,hedged answer");
    assertEquals(200, status);
    JsonObject hop = joined("hedged", 200);
    assertEquals(1, hop.getJsonArray("earlierAttempts").size(), hop::encodePrettily);
    assertEquals(200, hop.getJsonObject("server").getInteger("responseCode"));
  }

  @Test
  void aRouteTimeoutIsTheClientSidecars() {
    with("delay 700", "delay 0", "head=GET,/timed,0,timed answer");
    JsonObject hop = joined("timed", 504);
    assertEquals("response_timeout", hop.getString("responseCodeDetails"));
    load("delay 700", "/timed");
    watched.diagnosed("/timed", "CLIENT_SIDECAR", "SIDECAR_TIMEOUT_SET_TOO_LOW");
  }

  @Test
  void aClientThatLeavesIsNamed() {
    mesh("delay 700");
    for (int i = 0; i < 25; i++) {
      talk("head=GET,/left,0,left-" + i + " pause=60");
    }
    mesh("delay 0");
    JsonObject hop = joined("left-3", 0);
    assertNotNull(hop.getJsonObject("server").getJsonObject("servingApp"), hop::encodePrettily);
    watched.diagnosed("/left", "CLIENT_APP", "CLIENT_ABORT");
  }

  @Test
  void aDenialIsThePolicysOfTheServerSidecar() {
    assertEquals(403, talk("head=GET,/denied,0,denied answer"));
    JsonObject hop = joined("denied", 403);
    assertNull(hop.getJsonObject("server").getJsonObject("upstream"), hop::encodePrettily);
    assertTrue(!hop.getJsonArray("legs").encode().contains("server.app"), hop::encodePrettily);
    load("delay 0", "/denied");
    watched.diagnosed("/denied", "SERVER_SIDECAR", "SIDECAR_DENIED");
  }

  @Test
  void anAnswerBeforeTheRequestEndedBalances() {
    with(
        "early on",
        "early off",
        "head=POST,/early,60000,early body=1000 pause=100 answer body=59000 pause=100");
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

  private int with(String on, String off, String words) {
    mesh(on);
    try {
      return talk(words);
    } finally {
      mesh(off);
    }
  }

  /** As many requests as a verdict needs. */
  private void load(String on, String path) {
    mesh(on);
    watched.mesh().load().reset();
    watched.mesh().load().start(LoadPlan.of("hop1", path, 40, 16));
    Eventually.isTrue(
        java.time.Duration.ofSeconds(15),
        () -> watched.mesh().load().stats().requests() >= 40,
        () -> watched.mesh().load().stats().toString());
    watched.mesh().load().stop();
    mesh("delay 0");
  }

  private int talk(String words) {
    return watched.talk("client", "hop1 9080 " + words);
  }

  private void mesh(String command) {
    watched.mesh().app(SERVER).send(command);
  }
}
