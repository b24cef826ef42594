package io.hoptoll.correlator;

import java.util.ArrayList;
import java.util.List;

/**
 * A rule's evidence, and beside it the wait for a CPU where that grew. A throttled thread stands on
 * the run queue too, so without throttling this is contention for the node's CPUs.
 */
final class RunQueueWords {
  /** Threads waiting on average; below, any busy node shows as much. */
  private static final double MIN_WAITING = 0.05;

  private static final double MIN_GROWTH = 0.03;

  private RunQueueWords() {}

  static List<String> beside(Suspect s, String who, String... evidence) {
    List<String> all = new ArrayList<>(List.of(evidence));
    ProcessTime time = s.processes();
    double before = s.baselineProcesses().waitingThreads();
    if (time.waitingThreads() >= MIN_WAITING && time.waitingThreads() >= before + MIN_GROWTH) {
      all.add(
          who
              + " waited "
              + Words.millis(time.runQueueNanos())
              + " on the run queue, "
              + time.runQueueWaits()
              + " times: "
              + (time.throttledPeriods() > 0
                  ? "its quota, or others on the node's CPUs"
                  : "too few CPUs for what runs on this node"));
    }
    return all;
  }
}
