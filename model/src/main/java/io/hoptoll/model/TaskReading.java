package io.hoptoll.model;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * How far an agent reads the heads and the TLS that profiling tasks ask for in one network
 * namespace.
 *
 * @param problem why it does not read heads in clear, or not yet, in words; empty: it does, or no
 *     task asks
 * @param tlsProblem the same of those inside TLS
 * @param processes whose TLS is asked for, those not covered first; at most {@link #MOST}
 * @param leftOut processes beyond these
 */
public record TaskReading(
    long netns, String problem, String tlsProblem, List<TlsProcess> processes, int leftOut) {
  /** Processes told of: a pod has few, and their words travel each second. */
  public static final int MOST = 32;

  public TaskReading {
    processes = List.copyOf(processes);
  }

  /** Nothing is read, whatever is asked for. */
  public static TaskReading none(long netns, String why) {
    return new TaskReading(netns, why, why, List.of(), 0);
  }

  /** As it concerns a task that asks for one of these, or both. */
  public String problem(boolean clear, boolean tls) {
    Set<String> why = new LinkedHashSet<>();
    why.add(clear ? problem : "");
    why.add(tls ? tlsProblem : "");
    why.remove("");
    return String.join("; ", why);
  }
}
