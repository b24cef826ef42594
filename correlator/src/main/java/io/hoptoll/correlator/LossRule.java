package io.hoptoll.correlator;

import io.hoptoll.model.Cause;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Segments were lost and sent again, and it is the requests so hit that lost the time: a handful of
 * retransmits on a slow path is no loss problem.
 */
final class LossRule implements CauseRule {
  private static final double MIN_SHARE = 0.5;

  @Override
  public @Nullable List<String> explains(Suspect s) {
    double inHitRequests = s.evidence(Evidence.TRANSPORT_WITH_RETRANSMITS);
    if (inHitRequests < MIN_SHARE * s.total()) {
      return null;
    }
    return List.of(
        "requests with retransmits ("
            + Words.percent(s.evidence(Evidence.REQUESTS_WITH_RETRANSMITS))
            + ", "
            + Words.number(s.evidence(Evidence.RETRANSMITS))
            + " segments a request) hold "
            + Words.millis(inHitRequests)
            + " of transport time a request",
        "which is "
            + Words.percent(Math.min(1, inHitRequests / s.total()))
            + " of what transport grew by");
  }

  @Override
  public Cause cause() {
    return Cause.TRANSPORT_LOSS;
  }
}
