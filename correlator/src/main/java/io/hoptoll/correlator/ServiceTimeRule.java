package io.hoptoll.correlator;

import io.hoptoll.model.Cause;
import io.hoptoll.model.LegKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The app took the time between its last read of the request and its first byte of the answer, less
 * its own calls.
 */
final class ServiceTimeRule implements CauseRule {
  @Override
  public @Nullable List<String> explains(Suspect s) {
    return RunQueueWords.beside(
        s,
        "the app's threads",
        "app took "
            + Words.millis(s.grown(LegKind.SERVER_APP_SELF))
            + " more between reading the request and answering, its own calls not counted",
        "it read requests promptly: pick-up grew by "
            + Words.millis(s.grown(LegKind.SERVER_APP_PICKUP)));
  }

  @Override
  public Cause cause() {
    return Cause.APP_SERVICE_TIME;
  }
}
