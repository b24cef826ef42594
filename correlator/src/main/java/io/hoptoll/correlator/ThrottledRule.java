package io.hoptoll.correlator;

import io.hoptoll.model.Cause;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The process ran into its CPU quota: its cgroup was throttled, more than it used to be.
 *
 * @param who app or sidecar, in words
 */
record ThrottledRule(String who, Cause cause) implements CauseRule {
  private static final double MIN_SHARE = 0.03;
  private static final double MIN_GROWTH = 0.02;

  @Override
  public @Nullable List<String> explains(Suspect s) {
    double share = s.processes().throttledShare();
    if (share < MIN_SHARE || share < s.baselineProcesses().throttledShare() + MIN_GROWTH) {
      return null;
    }
    return RunQueueWords.beside(
        s,
        "the " + who + "'s threads",
        who
            + " throttled "
            + Words.percent(share)
            + " of the time, in "
            + s.processes().throttledPeriods()
            + " CFS periods (cpu.stat), while it used "
            + Words.number(s.processes().cpus())
            + " CPUs");
  }
}
