package io.hoptoll.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hoptoll.model.TaskReading;
import io.hoptoll.model.TlsProcess;
import io.hoptoll.wire.v1.NamespaceRead;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What became of a task's orders comes to the server as it was told, and never as more. */
class ReadRowsTest {
  private static final TaskReading REFUSED =
      TaskReading.none(42, "agent.tasks is off on this node");

  @Test
  void comesAsItWasTold() {
    TaskReading read =
        new TaskReading(
            43,
            "",
            "no CAP_SYS_ADMIN",
            List.of(
                new TlsProcess(7, "java", 43, false, "JVM"),
                new TlsProcess(8, "curl", 43, true, "libssl.so.3")),
            3);
    assertEquals(List.of(REFUSED, read), ReadRows.read(ReadRows.told(List.of(REFUSED, read))));
  }

  /** An agent is not trusted with the server's memory: its Status stays for as long as it does. */
  @Test
  void isBoundedByWhoReads() {
    var process = io.hoptoll.wire.v1.TlsProcess.newBuilder().setName("x".repeat(9_999)).build();
    NamespaceRead much =
        NamespaceRead.newBuilder()
            .setProblem("y".repeat(9_999))
            .setLeftOut(-1)
            .addAllProcesses(Collections.nCopies(999, process))
            .build();
    List<TaskReading> read = ReadRows.read(Collections.nCopies(999, much));
    assertEquals(Limits.READ_NAMESPACES, read.size());
    TaskReading one = read.get(0);
    assertEquals(TaskReading.MOST, one.processes().size());
    assertEquals(Limits.TEXT_CHARS, one.problem().length());
    assertEquals(Limits.TEXT_CHARS, one.processes().get(0).name().length());
    assertEquals(0, one.leftOut());
  }
}
