package io.hoptoll.correlator;

import io.hoptoll.model.Cause;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Bytes took longer between the pods' sockets (sent → ready), without loss. */
final class RttRule implements CauseRule {
  @Override
  public @Nullable List<String> explains(Suspect s) {
    return List.of(
        "sent → ready between the pods took " + Words.millis(s.total()) + " more, both ways",
        "min RTT "
            + Words.millis(1e3 * s.evidence(Evidence.MIN_RTT_MICROS))
            + ", retransmits "
            + Words.number(s.evidence(Evidence.RETRANSMITS))
            + " a request");
  }

  @Override
  public Cause cause() {
    return Cause.TRANSPORT_RTT;
  }
}
