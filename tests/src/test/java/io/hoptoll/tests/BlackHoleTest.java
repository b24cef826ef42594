package io.hoptoll.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.minimesh.MeshConfig;
import io.hoptoll.minimesh.MiniMesh;
import io.hoptoll.minimesh.Pod;
import io.hoptoll.minimesh.SidecarSettings;
import io.hoptoll.minimesh.Topology;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Packets to a service that never arrive, and a client that waits 3 s at most. No access log tells
 * of such a request before it is given up, and then none says why: the sender's kernel does, which
 * waits for an acknowledgement.
 */
@Tag("mesh")
@Tag("bpf")
@Tag("envoy")
class BlackHoleTest {
  private static final Duration SOON = Duration.ofSeconds(40);
  private static final String PATH = "/hole";

  /** Eight callers, five requests a second each, a time-out of 3 s. */
  private static final String CLIENT =
      """
      import http.client, threading, time
      def run():
          c = None
          while True:
              begin = time.time()
              try:
                  c = c or http.client.HTTPConnection("hop1", 9080, timeout=3)
                  c.request("GET", "/hole")
                  c.getresponse().read()
              except (OSError, http.client.HTTPException):
                  c.close()
                  c = None
              time.sleep(max(0, 0.2 - (time.time() - begin)))
      for i in range(8):
          threading.Thread(target=run, daemon=True).start()
      print("ready", flush=True)
      time.sleep(600)
      """;

  @BeforeEach
  void require() {
    Here.canRunMesh();
    Here.canRunBpf();
  }

  @Test
  void theWayIsNamedWhileRequestsHangAndAfterTheyAreGivenUp(@TempDir Path dir) throws Exception {
    try (WatchedMesh watched =
        WatchedMesh.start(dir, c -> MeshConfig.of(Topology.chain(2, 1), c.alsTarget()))) {
      well(watched);
      String rule = "-i eth0 -s " + watched.mesh().pod("hop1-v1").ip() + " -p tcp -j DROP";
      Pod server = watched.mesh().pod("hop2-v1");
      MiniMesh.inNamespace(server, "iptables -t mangle -A PREROUTING " + rule);
      Eventually.isTrue(
          SOON,
          () -> isTransport(watched.verdict(PATH)),
          () -> "not said: " + watched.verdict(PATH));
      // Until access logs tell of all that was given up it stands.
      for (int i = 0; i < 24; i++) {
        JsonObject verdict = watched.verdict(PATH);
        assertTrue(verdict.containsKey("error") || isTransport(verdict), verdict::encodePrettily);
        Thread.sleep(500);
      }
      JsonObject edge = watched.verdict(PATH).getJsonArray("findings").getJsonObject(0);
      assertEquals("hop1-v1.default", edge.getJsonObject("edge").getString("client"));
    }
  }

  /** Envoy goes to the other pod after its connect time-out: who is dead is in no answer. */
  @Test
  void anEndpointThatAnswersNoSynIsNamedBehindRetries(@TempDir Path dir) throws Exception {
    try (WatchedMesh watched =
        WatchedMesh.start(dir, c -> MeshConfig.of(Topology.chain(1, 2), c.alsTarget()))) {
      SidecarSettings s = SidecarSettings.DEFAULT;
      watched
          .mesh()
          .configure("client", new SidecarSettings(0, 0, s.maxConnections(), 4, 0, 1_000));
      well(watched);
      Pod dead = watched.mesh().pod("hop1-v2");
      MiniMesh.inNamespace(dead, "iptables -t mangle -A PREROUTING -i eth0 -p tcp --syn -j DROP");
      Eventually.isTrue(
          SOON,
          () ->
              watched.verdict(PATH).encode().contains("TRANSPORT_CONNECT")
                  && watched.verdict(PATH).encode().contains("SYN to " + dead.ip() + ":9080"),
          () -> "not said: " + watched.verdict(PATH).encodePrettily());
      assertEquals("TRANSPORT", watched.verdict(PATH).getString("party"));
    }
  }

  /**
   * With Istio's connect time-out (10 s) all callers come to wait for the dead one, and go on all
   * at once: no access log has told of what hung when nothing hangs any more.
   */
  @Test
  void aDeadEndpointAmongHealthyOnesStaysNamedWhenTheWaitIsOver(@TempDir Path dir)
      throws Exception {
    try (WatchedMesh watched =
        WatchedMesh.start(dir, c -> MeshConfig.of(Topology.chain(1, 3), c.alsTarget()))) {
      SidecarSettings s = SidecarSettings.DEFAULT;
      watched
          .mesh()
          .configure(
              "client",
              new SidecarSettings(0, 0, s.maxConnections(), 4, 0, s.connectTimeoutMillis()));
      watched.python("client", CLIENT.replace("timeout=3", "timeout=15"));
      Eventually.isTrue(SOON, () -> isWell(watched.verdict(PATH)), () -> "not well");
      Pod dead = watched.mesh().pod("hop1-v3");
      MiniMesh.inNamespace(dead, "iptables -t mangle -A PREROUTING -i eth0 -p tcp --syn -j DROP");
      Eventually.isTrue(
          SOON, () -> isConnect(watched.verdict(PATH)), () -> "not said: " + watched.verdict(PATH));
      for (int i = 0; i < 40; i++) {
        JsonObject verdict = watched.verdict(PATH);
        assertTrue(isConnect(verdict), verdict::encodePrettily);
        Thread.sleep(500);
      }
    }
  }

  private static boolean isConnect(JsonObject verdict) {
    return isTransport(verdict) && "TRANSPORT_CONNECT".equals(verdict.getString("cause"));
  }

  /** Whichever server is tried: a retry by the caller's caller finds a pod that does reach them. */
  @Test
  void endpointsThatAllTriesOfOneSidecarMeetAreNamed(@TempDir Path dir) throws Exception {
    try (WatchedMesh watched =
        WatchedMesh.start(dir, c -> MeshConfig.of(Topology.chain(2, 2), c.alsTarget()))) {
      SidecarSettings s = SidecarSettings.DEFAULT;
      watched
          .mesh()
          .configure("hop1-v1", new SidecarSettings(0, 0, s.maxConnections(), 4, 0, 1_000));
      well(watched);
      String rule = "-s " + watched.mesh().pod("hop1-v1").ip() + " -p tcp --syn -j DROP";
      for (String server : List.of("hop2-v1", "hop2-v2")) {
        Pod pod = watched.mesh().pod(server);
        MiniMesh.inNamespace(pod, "iptables -t mangle -A PREROUTING -i eth0 " + rule);
      }
      Eventually.isTrue(
          SOON,
          () -> saysSynsToHop2(watched),
          () -> "not said while they hang: " + watched.verdict(PATH).encodePrettily());
      Eventually.isTrue(
          SOON,
          () -> failures(watched).contains("TRANSPORT_CONNECT hop1-v1.default"),
          () -> "not said of those that failed: " + watched.verdict(PATH).encodePrettily());
      assertFalse(failures(watched).toString().contains("APP_ERROR"), failures(watched)::toString);
    }
  }

  private static boolean saysSynsToHop2(WatchedMesh watched) {
    String said = watched.verdict(PATH).encode();
    return Stream.of("hop2-v1", "hop2-v2")
        .anyMatch(w -> said.contains("SYNs to " + watched.mesh().pod(w).ip() + ":"));
  }

  /** Causes of the findings of failures, and whose calls. */
  private static List<String> failures(WatchedMesh watched) {
    return watched.verdict(PATH).getJsonArray("findings", new JsonArray()).stream()
        .map(JsonObject.class::cast)
        .filter(f -> f.getString("kind").equals("FAILURE"))
        .map(f -> f.getString("cause") + " " + f.getJsonObject("edge").getString("client"))
        .toList();
  }

  private static void well(WatchedMesh watched) throws Exception {
    Process client = watched.python("client", CLIENT);
    Eventually.isTrue(
        SOON, () -> isWell(watched.verdict(PATH)), () -> "not well: " + watched.verdict(PATH));
    assertTrue(client.isAlive());
  }

  private static boolean isWell(JsonObject verdict) {
    JsonObject totals = verdict.getJsonObject("totals", new JsonObject());
    return totals.getLong("baselineRequests", 0L) > 150;
  }

  private static boolean isTransport(JsonObject verdict) {
    String cause = verdict.getString("cause", "");
    return "TRANSPORT".equals(verdict.getString("party"))
        && (cause.equals("TRANSPORT_LOSS") || cause.equals("TRANSPORT_CONNECT"));
  }
}
