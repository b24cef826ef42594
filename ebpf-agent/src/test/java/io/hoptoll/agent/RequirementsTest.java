package io.hoptoll.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
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
    Readiness readiness = Requirements.check(proc);
    assertFalse(readiness.ready());
    assertTrue(readiness.missing().stream().anyMatch(m -> m.contains("run as root")));
  }

  @Test
  @Tag("bpf")
  void aTracepointThatNoKernelHasIsAbsent() {
    Readiness readiness = SocketAgent.check();
    assumeTrue(readiness.ready(), () -> String.join("; ", readiness.missing()));
    assertEquals(
        List.of("no_such_event"),
        Requirements.absent(List.of("sk_data_ready", "no_such_event", "sock_send_length")));
  }

  private boolean mayTrace(String effective) throws IOException {
    Path status = Files.createDirectories(proc.resolve("self")).resolve("status");
    Files.writeString(status, "Name:\tjava\nCapEff:\t" + effective + "\n");
    return Requirements.mayTrace(proc);
  }
}
