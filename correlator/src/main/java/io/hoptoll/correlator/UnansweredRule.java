package io.hoptoll.correlator;

import io.hoptoll.model.Cause;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sidecar held requests because it could not connect: nobody answered its SYNs, and the request
 * was given up, or went elsewhere by a retry.
 */
final class UnansweredRule implements CauseRule {
  private static final double MIN_SHARE = 0.5;

  @Override
  public @Nullable List<String> explains(Suspect s) {
    double waited = s.grown(Evidence.WAITED_FOR_SYN);
    if (s.total() <= 0 || waited < MIN_SHARE * s.total()) {
      return null;
    }
    List<String> evidence = new ArrayList<>();
    evidence.add(
        "the sidecar's SYNs had no answer for "
            + Words.millis(waited)
            + " of the time that it had a request; requests with retries: "
            + Words.percent(s.evidence(Evidence.RETRIED)));
    String peers = Words.commonest(Troubles.unanswering(s.drops()));
    if (!peers.isEmpty()) {
      evidence.add("requests that waited so, by address: " + peers);
    }
    Words.drops(s, evidence);
    return evidence;
  }

  @Override
  public Cause cause() {
    return Cause.TRANSPORT_CONNECT;
  }
}
