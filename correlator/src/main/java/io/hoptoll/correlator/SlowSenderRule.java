package io.hoptoll.correlator;

import io.hoptoll.model.Cause;
import io.hoptoll.model.LegKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The app wrote its body slowly: the sockets were idle, not blocked. */
final class SlowSenderRule implements CauseRule {
  private static final double MIN_SHARE = 0.5;

  @Override
  public @Nullable List<String> explains(Suspect s) {
    double grown = s.grown(LegKind.BODY_SENDER_CLIENT, LegKind.BODY_SENDER_SERVER);
    if (s.share(LegKind.BODY_SENDER_CLIENT, LegKind.BODY_SENDER_SERVER) < MIN_SHARE) {
      return null;
    }
    return List.of(
        "body took " + Words.millis(grown) + " more while its sender left the socket idle");
  }

  @Override
  public Cause cause() {
    return Cause.APP_SLOW_SENDER;
  }
}
