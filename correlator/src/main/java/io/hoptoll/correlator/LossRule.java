package io.hoptoll.correlator;

import io.hoptoll.model.Cause;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Segments were lost and sent again in these requests. */
final class LossRule implements CauseRule {
  private static final double MIN_SHARE = 0.3;

  @Override
  public @Nullable List<String> explains(Suspect s) {
    double hit = s.evidence(Evidence.REQUESTS_WITH_RETRANSMITS);
    if (hit < MIN_SHARE) {
      return null;
    }
    return List.of(
        Words.percent(hit)
            + " of these requests had retransmits, "
            + Words.number(s.evidence(Evidence.RETRANSMITS))
            + " segments a request");
  }

  @Override
  public Cause cause() {
    return Cause.TRANSPORT_LOSS;
  }
}
