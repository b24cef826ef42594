package io.hoptoll.correlator;

import io.hoptoll.model.Cause;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The process was stopped or frozen for a good part of the time (state T, cgroup freezer).
 *
 * @param who app or sidecar, in words
 */
record FrozenRule(String who, Cause cause) implements CauseRule {
  private static final double MIN_SHARE = 0.1;

  @Override
  public @Nullable List<String> explains(Suspect s) {
    double share = s.processes().stoppedShare();
    if (share < MIN_SHARE) {
      return null;
    }
    return List.of(
        who + " found stopped in " + Words.percent(share) + " of the looks at its process state");
  }
}
