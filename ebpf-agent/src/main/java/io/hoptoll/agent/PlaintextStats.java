package io.hoptoll.agent;

import io.hoptoll.model.TlsProcess;
import java.util.Comparator;
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
    List<TlsProcess> processes,
    List<String> files,
    long messages,
    long calls,
    Map<String, Long> failures) {
  static final PlaintextStats OFF =
      new PlaintextStats(false, "", List.of(), List.of(), 0, 0, Map.of());

  public PlaintextStats {
    processes = List.copyOf(processes);
    files = List.copyOf(files);
    failures = Map.copyOf(failures);
  }

  /** Of this network namespace, those not covered first: they are what a reader has to know. */
  List<TlsProcess> of(long netns) {
    return processes.stream()
        .filter(p -> p.netns() == netns)
        .sorted(Comparator.comparing(TlsProcess::covered))
        .toList();
  }
}
