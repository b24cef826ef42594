package io.hoptoll.correlator;

import io.hoptoll.model.Cause;
import io.hoptoll.model.LegKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Bodies were held up by the network: neither the sender was idle nor the receiver's window shut.
 */
final class BandwidthRule implements CauseRule {
  private static final double MIN_SHARE = 0.5;

  @Override
  public @Nullable List<String> explains(Suspect s) {
    double grown = s.grown(LegKind.BODY_NETWORK);
    if (s.share(LegKind.BODY_NETWORK) < MIN_SHARE) {
      return null;
    }
    return List.of(
        "body took "
            + Words.millis(grown)
            + " more on the network for "
            + Words.number(s.evidence(Evidence.RESPONSE_BYTES) / 1024)
            + " KiB a request, sender not idle, receive window open");
  }

  @Override
  public Cause cause() {
    return Cause.TRANSPORT_BANDWIDTH;
  }
}
