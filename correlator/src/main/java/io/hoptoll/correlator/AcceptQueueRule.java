package io.hoptoll.correlator;

import io.hoptoll.model.Cause;
import io.hoptoll.model.LegKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Connecting to the app on its own host took long: its accept queue is full or it was not listening
 * yet.
 */
final class AcceptQueueRule implements CauseRule {
  private static final double MIN_SHARE = 0.5;

  @Override
  public @Nullable List<String> explains(Suspect s) {
    double grown = s.grown(LegKind.SERVER_APP_CONNECT);
    if (s.share(LegKind.SERVER_APP_CONNECT) < MIN_SHARE) {
      return null;
    }
    return List.of(
        "connecting to the app on loopback took " + Words.millis(grown) + " more a request");
  }

  @Override
  public Cause cause() {
    return Cause.APP_ACCEPT_QUEUE_FULL;
  }
}
