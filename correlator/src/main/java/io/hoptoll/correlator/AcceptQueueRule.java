package io.hoptoll.correlator;

import io.hoptoll.model.Cause;
import io.hoptoll.model.LegKind;
import java.util.ArrayList;
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
    List<String> evidence = new ArrayList<>();
    evidence.add(
        "connecting to the app on loopback took " + Words.millis(grown) + " more a request");
    double dropped = s.evidence(Evidence.ACCEPT_QUEUE_DROPS);
    if (dropped > 0) {
      evidence.add("the app's listener dropped " + Words.number(dropped) + " handshakes a request");
    }
    return evidence;
  }

  @Override
  public Cause cause() {
    return Cause.APP_ACCEPT_QUEUE_FULL;
  }
}
