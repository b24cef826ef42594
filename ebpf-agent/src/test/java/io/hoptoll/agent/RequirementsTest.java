package io.hoptoll.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RequirementsTest {
  @TempDir private Path proc;

  @Test
  void capabilitiesThatAllowTracing() throws IOException {
    assertEquals(List.of(), having("000001ffffffffff").lackedToLoad(), "root");
    assertEquals(List.of(), having("000000c000000000").lackedToLoad(), "CAP_BPF, CAP_PERFMON");
    assertEquals(List.of(), having("0000000000200000").lackedToLoad(), "CAP_SYS_ADMIN");
    assertEquals(List.of("CAP_PERFMON"), having("0000008000000000").lackedToLoad());
    assertEquals(List.of("CAP_BPF", "CAP_PERFMON"), having("0000000000000000").lackedToLoad());
  }

  @Test
  void whatItRunsWithoutIsSaidWithWhatItCosts() throws IOException {
    Files.writeString(proc.resolve("kallsyms"), "0000000000000000 T _stext\n");
    List<String> without = having("000000c000000000").runsWithout(proc);
    assertEquals(2, without.size());
    assertTrue(without.get(0).startsWith("CAP_SYS_PTRACE: "));
    assertTrue(without.get(1).startsWith("CAP_SYSLOG: "));
    Files.writeString(
        proc.resolve("kallsyms"), "0000000000000000 A percpu\nffffffff81000000 T _stext\n");
    assertEquals(List.of(), having("000000c000080000").runsWithout(proc));
  }

  @Test
  void aRefusedUprobeSaysWhatToDoUnlessThatIsNotWhy() throws IOException {
    String advice = having("000000c400080000").adviceOnUprobes();
    assertTrue(advice.contains("CAP_SYS_ADMIN") && advice.contains("HOPTOLL_READ_TLS=on"), advice);
    assertEquals("", having("000000c400280000").adviceOnUprobes());
  }

  @Test
  void whatIsMissingSaysHowToGetIt() throws IOException {
    having("0000000000000000");
    Readiness readiness = Requirements.check(proc, Hooks.AUTO);
    assertFalse(readiness.ready());
    assertTrue(
        readiness.missing().contains("CAP_BPF: run as root, or with " + Rights.NEEDED),
        readiness::toString);
  }

  private Rights having(String effective) throws IOException {
    Path status = Files.createDirectories(proc.resolve("self")).resolve("status");
    Files.writeString(status, "Name:\tjava\nCapEff:\t" + effective + "\n");
    return Rights.of(proc);
  }
}
