package io.hoptoll.agent;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RequirementsTest {
  @TempDir private Path proc;

  @Test
  void capabilitiesThatAllowTracing() throws IOException {
    assertTrue(mayTrace("000001ffffffffff"), "root");
    assertTrue(mayTrace("000000c000000000"), "CAP_BPF and CAP_PERFMON");
    assertTrue(mayTrace("0000000000200000"), "CAP_SYS_ADMIN");
    assertFalse(mayTrace("0000008000000000"), "CAP_BPF alone");
    assertFalse(mayTrace("0000000000000000"));
  }

  @Test
  void whatIsMissingSaysHowToGetIt() throws IOException {
    mayTrace("0000000000000000");
    Readiness readiness = Requirements.check(proc, Hooks.AUTO);
    assertFalse(readiness.ready());
    assertTrue(readiness.missing().stream().anyMatch(m -> m.contains("run as root")));
  }

  private boolean mayTrace(String effective) throws IOException {
    Path status = Files.createDirectories(proc.resolve("self")).resolve("status");
    Files.writeString(status, "Name:\tjava\nCapEff:\t" + effective + "\n");
    return Requirements.mayTrace(proc);
  }
}
