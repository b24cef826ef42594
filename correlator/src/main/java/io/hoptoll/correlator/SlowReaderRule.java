package io.hoptoll.correlator;

import io.hoptoll.model.Cause;
import io.hoptoll.model.LegKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The app let a body lie in its socket, or its receive window shut while it was to be delivered.
 */
final class SlowReaderRule implements CauseRule {
  private static final double MIN_SHARE = 0.5;

  @Override
  public @Nullable List<String> explains(Suspect s) {
    double grown = s.grown(LegKind.BODY_RECEIVER_CLIENT, LegKind.BODY_RECEIVER_SERVER);
    if (s.share(LegKind.BODY_RECEIVER_CLIENT, LegKind.BODY_RECEIVER_SERVER) < MIN_SHARE) {
      return null;
    }
    return List.of(
        "body held up "
            + Words.millis(grown)
            + " more by its reader: bytes lay ready in its socket, or its receive window was shut"
            + " (tcp_info rwnd_limited)");
  }

  @Override
  public Cause cause() {
    return Cause.APP_SLOW_READER;
  }
}
