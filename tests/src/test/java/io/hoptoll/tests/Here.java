package io.hoptoll.tests;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hoptoll.agent.SocketAgent;
import io.hoptoll.minimesh.MeshConfig;
import io.hoptoll.minimesh.MeshException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** What this machine allows; a test that needs more aborts with the reason, and CI fails on it. */
final class Here {
  private Here() {}

  static void canRunMesh() {
    assumeTrue("root".equals(System.getProperty("user.name")), "the minimesh needs root");
    hasEnvoy();
  }

  static void hasEnvoy() {
    try {
      MeshConfig.findEnvoy();
    } catch (MeshException e) {
      assumeTrue(false, e.getMessage());
    }
  }

  static void canRunBpf() {
    var readiness = SocketAgent.check();
    assumeTrue(readiness.ready(), () -> String.join("; ", readiness.missing()));
  }

  /** Opens a folder of JUnit's, which removes it however the test ends, to a sidecar's uid. */
  static Path opened(Path dir) throws IOException {
    return Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
