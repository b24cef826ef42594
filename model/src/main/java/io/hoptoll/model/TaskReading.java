package io.hoptoll.model;

import java.util.List;

/**
 * How far an agent reads the heads and the TLS that profiling tasks ask for in one network
 * namespace.
 *
 * @param problem why it does not, or not yet, in words; empty: it does
 * @param processes whose TLS is asked for, those not covered first; at most {@link #MOST}
 * @param leftOut processes beyond these
 */
public record TaskReading(long netns, String problem, List<TlsProcess> processes, int leftOut) {
  /** Processes told of: a pod has few, and their words travel each second. */
  public static final int MOST = 32;

  public TaskReading {
    processes = List.copyOf(processes);
  }
}
