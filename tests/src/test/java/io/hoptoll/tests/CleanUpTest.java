package io.hoptoll.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.hoptoll.minimesh.MeshConfig;
import io.hoptoll.minimesh.MiniMesh;
import io.hoptoll.minimesh.Topology;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A mesh leaves nothing, however its process ends. */
@Tag("mesh")
class CleanUpTest {
  @BeforeEach
  void require() {
    Here.canRunMesh();
  }

  /** Run as a process of its own: starts a mesh, says which, waits to be killed. */
  static final class Harness {
    public static void main(String[] args) throws Exception {
      MiniMesh mesh = MiniMesh.start(MeshConfig.of(Topology.chain(1, 1), args[0]));
      System.out.println(mesh.pods().get(0).netns().split("-")[0]);
      Thread.currentThread().join();
    }
  }

  @Test
  void afterKillNineNothingIsLeft(@TempDir Path dir) throws Exception {
    Here.opened(dir);
    Process harness =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Harness.class.getName(),
                "unix:" + dir.resolve("none.sock"))
            .redirectErrorStream(true)
            .start();
    String instance = instance(harness);
    assertFalse(left(instance).isEmpty());
    harness.destroyForcibly().waitFor();
    Eventually.isTrue(
        Duration.ofSeconds(20), () -> left(instance).isEmpty(), () -> "left: " + left(instance));
  }

  @Test
  void afterCloseNothingIsLeft(@TempDir Path dir) throws Exception {
    Here.opened(dir);
    MiniMesh mesh =
        MiniMesh.start(MeshConfig.of(Topology.chain(1, 1), "unix:" + dir.resolve("none.sock")));
    String instance = mesh.pods().get(0).netns().split("-")[0];
    mesh.close();
    assertEquals(List.of(), left(instance));
  }

  private static String instance(Process harness) throws IOException {
    BufferedReader out =
        new BufferedReader(new InputStreamReader(harness.getInputStream(), StandardCharsets.UTF_8));
    StringBuilder said = new StringBuilder();
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.matches("ht[0-9a-f]{4}")) {
        return line;
      }
      said.append(line).append('\n');
    }
    throw new AssertionError("the harness ended: " + said);
  }

  /** Namespaces, their configuration, cgroups, files and processes of this mesh. */
  private static List<String> left(String instance) {
    return Stream.of("/run/netns", "/etc/netns", "/sys/fs/cgroup/cpu", "/sys/fs/cgroup", "/tmp")
        .flatMap(dir -> named(Path.of(dir), instance))
        .toList();
  }

  private static Stream<String> named(Path dir, String instance) {
    try (Stream<Path> files = Files.list(dir)) {
      return files.map(Path::toString).filter(f -> f.contains(instance)).toList().stream();
    } catch (IOException e) {
      return Stream.of(); // no such folder on this machine
    }
  }
}
