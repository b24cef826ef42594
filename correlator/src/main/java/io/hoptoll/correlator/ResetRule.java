package io.hoptoll.correlator;

import io.hoptoll.model.Cause;
import io.hoptoll.model.LegKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Connections were reset under requests; their attempts and the back-off after them took time. */
final class ResetRule implements CauseRule {
  private static final double MIN_SHARE = 0.4;

  @Override
  public @Nullable List<String> explains(Suspect s) {
    if (s.share(LegKind.TRANSPORT_ATTEMPTS) < MIN_SHARE) {
      return null;
    }
    return List.of(
        "attempts that a reset broke, and the back-off after them, took "
            + Words.millis(s.grown(LegKind.TRANSPORT_ATTEMPTS))
            + " more; requests with retries: "
            + Words.percent(s.evidence(Evidence.RETRIED)));
  }

  @Override
  public Cause cause() {
    return Cause.TRANSPORT_RESET;
  }
}
