package io.hoptoll.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.hoptoll.minimesh.MeshConfig;
import io.hoptoll.minimesh.Topology;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pod that ends, and another that gets its name and address: a StatefulSet's, for one. */
@Tag("mesh")
@Tag("bpf")
class ReplacedPodTest {
  private static final String SERVER = "hop1-v1";

  @BeforeEach
  void require() {
    Here.canRunMesh();
    Here.canRunBpf();
  }

  @Test
  void requestsOfBothAreWholeAndOfTheRightOne(@TempDir Path dir) throws Exception {
    try (WatchedMesh watched =
        WatchedMesh.start(dir, c -> MeshConfig.of(Topology.chain(1, 1), c.alsTarget()))) {
      long first = served(watched, "before");
      watched.mesh().replace(SERVER);
      long second = served(watched, "after");
      assertNotEquals(first, second);
      JsonObject counts = watched.correlator().getJsonObject("counts");
      assertEquals(0, counts.getLong("span_no_namespace"), counts::encode);
      assertEquals(0, counts.getLong("hops_half"), counts::encode);
    }
  }

  /** Which process of the app answered. */
  private static long served(WatchedMesh watched, String id) {
    assertEquals(200, watched.talk("client", "hop1 9080 head=GET,/" + id + ",0," + id + " answer"));
    long pid = watched.mesh().app(SERVER).pid();
    JsonObject hop = watched.request(id);
    JsonObject client = hop.getJsonObject("client");
    JsonObject server = hop.getJsonObject("server");
    assertNotNull(client, hop::encodePrettily);
    assertNotNull(server, hop::encodePrettily);
    assertNotNull(client.getJsonObject("callingApp"), hop::encodePrettily);
    assertNotNull(server.getJsonObject("downstream"), hop::encodePrettily);
    assertNotNull(server.getJsonObject("servingApp"), hop::encodePrettily);
    String process = server.getJsonObject("servingApp").getString("process");
    assertEquals(pid, Long.parseLong(process.substring(process.lastIndexOf('/') + 1)));
    return pid;
  }
}
