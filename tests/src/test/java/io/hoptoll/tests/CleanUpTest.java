package io.hoptoll.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.hoptoll.minimesh.MeshConfig;
import io.hoptoll.minimesh.MiniMesh;
import io.hoptoll.minimesh.Topology;
import io.hoptoll.minimesh.fault.Faults;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A mesh leaves nothing, however its process ends, and whenever. */
@Tag("mesh")
class CleanUpTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  private enum Moment {
    /** It has a folder, and who cleans up; the rest is being made. */
    CREATED,
    /** Its namespaces are being made. */
    STARTING,
    /** Faults are on: a queue, a packet rule, a stopped process, a quota. */
    IN_FAULTS,
    /** It is closing by itself. */
    ENDING
  }

  @BeforeEach
  void require() {
    Here.canRunMesh();
  }

  /** Run as a process of its own: starts a mesh, adds faults, says so, ends when told. */
  static final class Harness {
    public static void main(String[] args) throws Exception {
      MiniMesh mesh = MiniMesh.start(MeshConfig.of(Topology.chain(1, 1), args[0]));
      Faults faults = new Faults(mesh);
      faults.transportDelay("client", "hop1-v1", 10_000, true).start();
      faults.bandwidth("client", "hop1-v1", 1_000, 64).start();
      faults.starvedApp("client", "hop1-v1", 5_000).start();
      faults.frozenSidecar("client", "hop1-v1", 5_000, 10).start();
      System.out.println("in faults");
      System.in.read();
      mesh.close();
    }
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "CREATED, INT",
    "CREATED, KILL",
    "STARTING, INT",
    "STARTING, KILL",
    "IN_FAULTS, TERM",
    "IN_FAULTS, KILL",
    "ENDING, KILL"
  })
  void nothingIsLeftAfter(Moment moment, String signal, @TempDir Path dir) throws Exception {
    Process harness = harness(Here.opened(dir));
    try {
      String instance = reached(moment, harness, dir);
      new ProcessBuilder("kill", "-" + signal, String.valueOf(harness.pid())).start().waitFor();
      assertNotEquals(0, harness.waitFor(), "it ended before the signal");
      Eventually.isTrue(
          SOON,
          () -> left(instance).isEmpty() && meshDir(dir).equals(dir),
          () -> "left: " + left(instance) + ", " + meshDir(dir));
    } finally {
      harness.destroyForcibly();
    }
  }

  @Test
  void afterCloseNothingIsLeft(@TempDir Path dir) throws Exception {
    Here.opened(dir);
    MiniMesh mesh =
        MiniMesh.start(MeshConfig.of(Topology.chain(1, 1), "unix:" + dir.resolve("none.sock")));
    String instance = mesh.pods().get(0).netns().split("-")[0];
    assertFalse(left(instance).isEmpty());
    mesh.close();
    assertEquals(List.of(), left(instance));
  }

  /** Java with temporary files here; with SIGINT as at a terminal, not as in the background. */
  private static Process harness(Path dir) throws IOException {
    return new ProcessBuilder(
            "env",
            "--default-signal=INT",
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Djava.io.tmpdir=" + dir,
            "-cp",
            System.getProperty("java.class.path"),
            Harness.class.getName(),
            "unix:" + dir.resolve("none.sock"))
        .redirectErrorStream(true)
        .start();
  }

  /** The mesh's instance name, when the moment has come. */
  private static String reached(Moment moment, Process harness, Path dir) throws IOException {
    Eventually.isTrue(SOON, () -> !meshDir(dir).equals(dir), () -> "no mesh in " + dir);
    String instance = meshDir(dir).getFileName().toString().split("-")[1];
    if (moment == Moment.CREATED) {
      Eventually.isTrue(SOON, () -> !left(instance).isEmpty(), () -> "nobody to clean up");
      return instance;
    }
    if (moment == Moment.STARTING) {
      Path namespaces = Path.of("/run/netns");
      Eventually.isTrue(
          SOON, () -> named(namespaces, instance).findAny().isPresent(), () -> "no namespace");
      return instance;
    }
    waitFor("in faults", harness);
    int all = left(instance).size();
    if (moment == Moment.ENDING) {
      harness.getOutputStream().write('\n');
      harness.getOutputStream().flush();
      Eventually.isTrue(SOON, () -> left(instance).size() < all, () -> "does not end");
    }
    return instance;
  }

  /** The mesh's folder; this one while there is none. */
  private static Path meshDir(Path dir) {
    return named(dir, "hoptoll-ht").map(Path::of).findFirst().orElse(dir);
  }

  private static void waitFor(String words, Process harness) throws IOException {
    BufferedReader out =
        new BufferedReader(new InputStreamReader(harness.getInputStream(), StandardCharsets.UTF_8));
    StringBuilder said = new StringBuilder();
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.equals(words)) {
        return;
      }
      said.append(line).append('\n');
    }
    throw new AssertionError("the harness ended: " + said);
  }

  /** Namespaces, their configuration, cgroups, files and processes of this mesh. */
  private static List<String> left(String instance) {
    Stream<String> files =
        Stream.of("/run/netns", "/etc/netns", "/sys/fs/cgroup/cpu", "/sys/fs/cgroup", "/tmp")
            .flatMap(dir -> named(Path.of(dir), instance));
    Stream<String> processes =
        ProcessHandle.allProcesses()
            .flatMap(p -> p.info().commandLine().stream())
            .filter(command -> command.contains(instance));
    return Stream.concat(files, processes).toList();
  }

  private static Stream<String> named(Path dir, String part) {
    try (Stream<Path> files = Files.list(dir)) {
      return files.map(Path::toString).filter(f -> f.contains(part)).toList().stream();
    } catch (IOException e) {
      return Stream.of(); // no such folder on this machine
    }
  }
}
