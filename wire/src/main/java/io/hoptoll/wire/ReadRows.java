package io.hoptoll.wire;

import io.hoptoll.model.TaskReading;
import io.hoptoll.model.TlsProcess;
import io.hoptoll.wire.v1.NamespaceRead;
import java.util.List;

/** How far what tasks ask for is read, to and from the wire; both ends keep the bounds. */
final class ReadRows {
  private ReadRows() {}

  static List<NamespaceRead> told(List<TaskReading> all) {
    return all.stream().limit(Limits.READ_NAMESPACES).map(ReadRows::told).toList();
  }

  private static NamespaceRead told(TaskReading r) {
    NamespaceRead.Builder out =
        NamespaceRead.newBuilder()
            .setNetns(r.netns())
            .setProblem(cut(r.problem()))
            .setTlsProblem(cut(r.tlsProblem()))
            .setLeftOut(r.leftOut());
    for (TlsProcess p : r.processes()) {
      out.addProcesses(
          io.hoptoll.wire.v1.TlsProcess.newBuilder()
              .setTgid(p.tgid())
              .setName(cut(p.name()))
              .setCovered(p.covered())
              .setHow(cut(p.how())));
    }
    return out.build();
  }

  static List<TaskReading> read(List<NamespaceRead> all) {
    return all.stream().limit(Limits.READ_NAMESPACES).map(ReadRows::read).toList();
  }

  private static TaskReading read(NamespaceRead r) {
    return new TaskReading(
        r.getNetns(),
        cut(r.getProblem()),
        cut(r.getTlsProblem()),
        r.getProcessesList().stream()
            .limit(TaskReading.MOST)
            .map(
                p ->
                    new TlsProcess(
                        p.getTgid(),
                        cut(p.getName()),
                        r.getNetns(),
                        p.getCovered(),
                        cut(p.getHow())))
            .toList(),
        Math.max(0, r.getLeftOut()));
  }

  private static String cut(String text) {
    return text.substring(0, Math.min(text.length(), Limits.TEXT_CHARS));
  }
}
