package io.hoptoll.correlator;

import io.hoptoll.model.Cause;
import io.hoptoll.model.LegKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Time went into attempts that failed, and their back-off. */
final class RetriesRule implements CauseRule {
  private static final double MIN_SHARE = 0.4;

  @Override
  public @Nullable List<String> explains(Suspect s) {
    double grown = s.grown(LegKind.CLIENT_SIDECAR_ATTEMPTS);
    if (s.share(LegKind.CLIENT_SIDECAR_ATTEMPTS) < MIN_SHARE) {
      return null;
    }
    return List.of(
        "earlier attempts and back-off took "
            + Words.millis(grown)
            + " more; requests with retries: "
            + Words.percent(s.evidence(Evidence.RETRIED)));
  }

  @Override
  public Cause cause() {
    return Cause.SIDECAR_RETRIES;
  }
}
