package io.hoptoll.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.minimesh.MeshConfig;
import io.hoptoll.minimesh.Topology;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Comparator;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Large and streamed bodies: each is held up by the one who really does. */
@Tag("mesh")
@Tag("bpf")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@NullUnmarked // what @BeforeAll could not start here stays null, and the tests abort
class BodiesTest {
  private WatchedMesh watched;

  @BeforeAll
  void start(@TempDir Path dir) throws Exception {
    if (MachineAllows.all()) {
      watched = WatchedMesh.start(dir, c -> MeshConfig.of(Topology.chain(1, 1), c.alsTarget()));
      say();
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

  private void say() {
    assertEquals(200, talk("head=GET,/first,0,first answer"));
    String piece = " body=100000";
    talk(
        "head=POST,/up,300000,up"
            + piece
            + " pause=400"
            + piece
            + " pause=400"
            + piece
            + " answer");
    app("read 2000000");
    talk("head=POST,/read,3000000,read body=3000000 answer");
    app("read 0");
    app("size 300000");
    app("stream 5 200");
    talk("head=GET,/down,0,down answer");
    app("stream 1 0");
    app("size 3000000");
    talk("head=POST,/both,3000000,both body=3000000 answer");
    watched.tell("client", "read 2000000");
    talk("head=GET,/reading,0,reading answer");
  }

  @Test
  void anUploadWaitsForTheAppThatSendsIt() {
    assertEquals("body.request.sender", longest("up"));
  }

  @Test
  void anUploadWaitsForTheAppThatReadsIt() {
    assertEquals("body.request.receiver", longest("read"));
  }

  @Test
  void aDownloadWaitsForTheAppThatSendsIt() {
    assertEquals("body.response.sender", longest("down"));
  }

  @Test
  void aDownloadWaitsForTheAppThatReadsIt() {
    assertEquals("body.response.receiver", longest("reading"));
  }

  @Test
  void largeBodiesBothWaysAreCountedWhole() {
    JsonObject hop = watched.request("both");
    JsonObject caller = hop.getJsonObject("client").getJsonObject("callingApp");
    JsonObject serving = hop.getJsonObject("server").getJsonObject("servingApp");
    for (String way : new String[] {"bytesIn", "bytesOut"}) {
      assertTrue(caller.getLong(way) > 3_000_000, hop::encodePrettily);
      assertTrue(serving.getLong(way) > 3_000_000, hop::encodePrettily);
    }
  }

  /** The name of the request's longest leg. */
  private String longest(String id) {
    JsonObject hop = watched.request(id);
    return hop.getJsonArray("legs").stream()
        .map(JsonObject.class::cast)
        .max(Comparator.comparingLong(l -> l.getLong("nanos")))
        .map(l -> l.getString("leg"))
        .orElse("");
  }

  private int talk(String words) {
    return watched.talk("client", "hop1 9080 " + words);
  }

  private void app(String command) {
    watched.tell("hop1-v1", command);
  }
}
