package io.hoptoll.agent;

import java.util.List;
import java.util.Map;

/**
 * How far TLS is read, for the profiling tasks that ask for it.
 *
 * @param on a task asks for it now
 * @param problem why it is not read although asked for, else empty
 * @param processes of the pods asked for, those covered first; at most {@link
 *     PlaintextWatch#PROCESSES}
 * @param files whose functions are probed
 * @param messages heads of requests and responses read
 * @param calls told
 * @param failures by place, of attaching by place and errno
 */
public record PlaintextStats(
    boolean on,
    String problem,
    List<Process> processes,
    List<String> files,
    long messages,
    long calls,
    Map<String, Long> failures) {
  static final PlaintextStats OFF =
      new PlaintextStats(false, "", List.of(), List.of(), 0, 0, Map.of());

  /**
   * @param netns its network namespace
   * @param how the files by which it is covered, or why it is not
   */
  public record Process(int tgid, String name, long netns, boolean covered, String how) {}

  public PlaintextStats {
    processes = List.copyOf(processes);
    files = List.copyOf(files);
    failures = Map.copyOf(failures);
  }
}
