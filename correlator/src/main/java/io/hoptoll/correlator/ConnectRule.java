package io.hoptoll.correlator;

import io.hoptoll.model.Cause;
import io.hoptoll.model.LegKind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Requests waited for a TCP connection to be established: SYNs were lost or went unanswered. */
final class ConnectRule implements CauseRule {
  /** Connecting is one round trip, and the exchange another: half is a way that is just long. */
  private static final double MIN_SHARE = 0.6;

  @Override
  public @Nullable List<String> explains(Suspect s) {
    if (s.share(LegKind.TRANSPORT_CONNECT) < MIN_SHARE) {
      return null;
    }
    List<String> evidence = new ArrayList<>();
    evidence.add(
        "SYN → established took " + Words.millis(s.grown(LegKind.TRANSPORT_CONNECT)) + " more");
    evidence.add(
        "SYN retransmits: "
            + Words.number(s.evidence(Evidence.SYN_RETRANSMITS))
            + " a request, connections opened for a waiting request: "
            + Words.percent(s.evidence(Evidence.CONNECTIONS_OPENED)));
    Words.drops(s, evidence);
    return evidence;
  }

  @Override
  public Cause cause() {
    return Cause.TRANSPORT_CONNECT;
  }
}
