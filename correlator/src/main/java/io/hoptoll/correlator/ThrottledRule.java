package io.hoptoll.correlator;

import io.hoptoll.model.Cause;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The process ran into its CPU quota: its cgroup was throttled, more than it used to be, for a part
 * of the time that matters to everybody, or for as long as the compared requests lost together.
 *
 * @param who app or sidecar, in words
 */
record ThrottledRule(String who, Cause cause) implements CauseRule {
  private static final double MIN_SHARE = 0.03;
  private static final double MIN_GROWTH = 0.02;

  @Override
  public @Nullable List<String> explains(Suspect s) {
    double share = s.processes().throttledShare();
    double usual = s.baselineProcesses().throttledShare();
    boolean isOften = share >= MIN_SHARE && share >= usual + MIN_GROWTH;
    if (!isOften && !accountsFor(s, share - usual)) {
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

  /**
   * Few requests meet a rare throttling: then it is a small part of the time, but most of what they
   * lost. There were about as many throttlings as requests that it may have held up, each about as
   * long as what these lost: else others of the process met them.
   */
  private static boolean accountsFor(Suspect s, double grownShare) {
    ProcessTime time = s.processes();
    int periods = time.throttledPeriods();
    double requests = s.current().requests();
    return periods > 0
        && 2 * grownShare >= time.throttledShare()
        && 2 * grownShare * time.intervalNanos() >= s.total() * requests
        && 2 * periods >= requests
        && 2 * time.throttledShare() * time.intervalNanos() / periods >= s.total();
  }
}
