package io.hoptoll.correlator;

import io.hoptoll.model.Cause;
import java.util.ArrayList;
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
    List<String> evidence = lossOf(s);
    if (evidence != null) {
      Words.drops(s, evidence);
    }
    return evidence;
  }

  /** The evidence of a loss, whoever lost it; null where the growth is of another kind. */
  static @Nullable List<String> lossOf(Suspect s) {
    double inHitRequests = s.evidence(Evidence.TRANSPORT_WITH_RETRANSMITS);
    if (inHitRequests < MIN_SHARE * s.total()) {
      return null;
    }
    List<String> evidence = new ArrayList<>();
    evidence.add(
        "requests with retransmits ("
            + Words.percent(s.evidence(Evidence.REQUESTS_WITH_RETRANSMITS))
            + ", "
            + Words.number(s.evidence(Evidence.RETRANSMITS))
            + " segments a request) hold "
            + Words.millis(inHitRequests)
            + " of transport time a request");
    evidence.add(
        "which is "
            + Words.percent(Math.min(1, inHitRequests / s.total()))
            + " of what transport grew by");
    kinds(s, evidence);
    return evidence;
  }

  private static void kinds(Suspect s, List<String> evidence) {
    double timeout = s.evidence(Evidence.RETRANSMITS_BY_TIMEOUT);
    double fast = s.evidence(Evidence.RETRANSMITS_FAST);
    double probe = s.evidence(Evidence.RETRANSMITS_PROBE);
    double all = timeout + fast + probe;
    if (all > 0) {
      evidence.add(
          "sent again by timeout (200 ms or more): "
              + Words.percent(timeout / all)
              + ", by tail loss probe: "
              + Words.percent(probe / all)
              + ", on duplicate ACKs: "
              + Words.percent(fast / all));
    }
  }

  @Override
  public Cause cause() {
    return Cause.TRANSPORT_LOSS;
  }
}
