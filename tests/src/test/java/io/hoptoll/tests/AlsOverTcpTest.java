package io.hoptoll.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.app.cli.Hoptoll;
import io.hoptoll.minimesh.LoadPlan;
import io.hoptoll.minimesh.MeshConfig;
import io.hoptoll.minimesh.MiniMesh;
import io.hoptoll.minimesh.Topology;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * As in a cluster: the sidecars reach the server over the network they share with it, it comes up
 * after them, and their access log's own connections are among the sockets it watches.
 */
@Tag("mesh")
@Tag("bpf")
class AlsOverTcpTest {
  private static final String ALS = MiniMesh.BRIDGE_IP + ":18090";
  private static final String API = "http://127.0.0.1:18080";
  private static final Duration SOON = Duration.ofSeconds(40);

  @BeforeEach
  void require() {
    Here.canRunMesh();
    Here.canRunBpf();
  }

  @Test
  void sidecarsSendOverTcpAndAllIsJoined(@TempDir Path dir) throws Exception {
    try (MiniMesh mesh = MiniMesh.start(MeshConfig.of(Topology.chain(2, 1), ALS))) {
      Path log = dir.resolve("server.log");
      Process server =
          hoptoll(mesh, "server", "--als", ALS, "--http-port", "18080")
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      try {
        Eventually.isTrue(SOON, () -> read(log).contains("API http"), () -> read(log));
        assertTrue(!read(log).contains("missing:"), () -> read(log));
        joins(mesh, log);
      } finally {
        server.destroy();
        server.waitFor(10, TimeUnit.SECONDS);
        server.destroyForcibly();
      }
    }
  }

  private static void joins(MiniMesh mesh, Path log) {
    mesh.load().start(LoadPlan.of("hop1", "/over-tcp", 30, 4));
    Eventually.isTrue(
        SOON,
        () -> ask(mesh, "diagnose", "/over-tcp").getLong("requests", 0L) >= 100,
        () -> ask(mesh, "health").encode() + "\n" + read(log));
    JsonObject verdict = ask(mesh, "diagnose", "/over-tcp", "--window", "10s");
    assertTrue(verdict.getDouble("coverage") > 0.95, verdict::encode);
    JsonObject health = ask(mesh, "health");
    JsonObject counts = health.getJsonObject("components").getJsonObject("correlator");
    assertTrue(counts.getDouble("joinedShare") >= 0.95, health::encode);
    assertEquals(0, counts.getLong("failures"), health::encode);
  }

  /** What the command prints as JSON; empty while it refuses. */
  private static JsonObject ask(MiniMesh mesh, String... command) {
    List<String> words = new ArrayList<>(Arrays.asList(command));
    words.addAll(List.of("--output", "json", "--server", API));
    try {
      Process p = hoptoll(mesh, words.toArray(String[]::new)).start();
      String said = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      p.waitFor();
      return said.startsWith("{") ? new JsonObject(said) : new JsonObject();
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new JsonObject();
    }
  }

  /** The command line in the bridge's network namespace, with the rest of the machine as it is. */
  private static ProcessBuilder hoptoll(MiniMesh mesh, String... words) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "nsenter",
                "--net=/run/netns/" + mesh.bridgeNetns(),
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Hoptoll.class.getName()));
    command.addAll(Arrays.asList(words));
    return new ProcessBuilder(command);
  }

  private static String read(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
