package io.hoptoll.tests;

import io.hoptoll.minimesh.LoadPlan;
import io.hoptoll.minimesh.MeshConfig;
import io.hoptoll.minimesh.MiniMesh;
import io.hoptoll.minimesh.Pod;
import io.hoptoll.minimesh.Topology;
import io.hoptoll.minimesh.fault.Fault;
import io.hoptoll.minimesh.fault.Faults;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Who lost the packets: the node's own queue, which is full, or a way that loses some. The kernel
 * that is asked frees both.
 */
@Tag("mesh")
@Tag("bpf")
@Tag("envoy")
class DroppedTest {
  private static final Duration SOON = Duration.ofSeconds(40);
  private static final String PATH = "/dropped";
  private static final int BASELINE = 240;

  @BeforeEach
  void require() {
    Here.canRunMesh();
    Here.canRunBpf();
  }

  @Test
  void aFullEgressQueueIsNamedAndALossIsALoss(@TempDir Path dir) throws Exception {
    try (WatchedMesh watched =
        WatchedMesh.start(dir, c -> MeshConfig.of(Topology.chain(1, 1), c.alsTarget()))) {
      watched.tell("hop1-v1", "size 30000");
      Instant begin = Instant.now().plusSeconds(1);
      watched.mesh().load().start(LoadPlan.of("hop1", PATH, 40, 4));
      Eventually.isTrue(
          SOON,
          () -> watched.mesh().load().stats().requests() >= BASELINE,
          () -> watched.mesh().load().stats().toString());
      String before = "&before=" + begin + "/" + Instant.now();
      Pod server = watched.mesh().pod("hop1-v1");
      // room for six packets of an answer's twenty
      MiniMesh.inNamespace(
          server, "tc qdisc add dev eth0 root tbf rate 50mbit burst 5kb limit 9kb");
      named(watched, before, "TRANSPORT_DROPPED", "QDISC_DROP");
      MiniMesh.inNamespace(server, "tc qdisc del dev eth0 root");
      Fault lossy = new Faults(watched.mesh()).packetLoss("client", "hop1-v1", 0.2);
      lossy.start();
      try {
        named(watched, before, "TRANSPORT_LOSS", "NETFILTER_DROP");
      } finally {
        lossy.stop();
      }
    }
  }

  /** Waits until this is the first finding's cause, and the drop's reason in its evidence. */
  private static void named(WatchedMesh watched, String before, String cause, String reason) {
    Instant from = Instant.now().plusSeconds(1);
    String query = "/api/v1/diagnosis?path=" + PATH + before + "&after=" + from + "/";
    Eventually.isTrue(
        SOON,
        () ->
            Instant.now().isAfter(from.plusSeconds(3))
                && isNamed(watched, query + Instant.now(), cause, reason),
        () ->
            cause + " is not named: " + watched.api().get(query + Instant.now()).encodePrettily());
  }

  private static boolean isNamed(WatchedMesh watched, String query, String cause, String reason) {
    JsonObject verdict = watched.api().get(query);
    JsonArray findings = verdict.getJsonArray("findings");
    return cause.equals(verdict.getString("cause"))
        && findings.getJsonObject(0).getJsonArray("evidence").encode().contains(reason + " in ");
  }
}
