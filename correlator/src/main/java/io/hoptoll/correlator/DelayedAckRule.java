package io.hoptoll.correlator;

import io.hoptoll.model.Cause;
import io.hoptoll.model.LegKind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Messages written in small pieces, whose last one waited for a delayed ACK. */
final class DelayedAckRule implements CauseRule {
  private static final double MIN_SHARE = 0.5;

  @Override
  public @Nullable List<String> explains(Suspect s) {
    if (s.share(LegKind.TRANSPORT_ACK) < MIN_SHARE) {
      return null;
    }
    List<String> evidence = new ArrayList<>();
    evidence.add(
        "the last piece of a message waited "
            + Words.millis(s.grown(LegKind.TRANSPORT_ACK))
            + " more for the ACK of the piece before it (Nagle's algorithm against a delayed ACK,"
            + " 40 to 200 ms on Linux)");
    sender(s.edge().client(), "requests", s.evidence(Evidence.ACK_WAITS_CLIENT_APP), evidence);
    sender(s.edge().server(), "answers", s.evidence(Evidence.ACK_WAITS_SERVER_APP), evidence);
    double waits =
        s.evidence(Evidence.ACK_WAITS_CLIENT_APP) + s.evidence(Evidence.ACK_WAITS_SERVER_APP);
    if (waits > 0) {
      evidence.add(
          Words.number(s.evidence(Evidence.ACK_WAITS_WRITES) / waits)
              + " writes a message, all returned at once, on a socket without TCP_NODELAY; nothing"
              + " was sent again, the window stood open");
    }
    return evidence;
  }

  private static void sender(String app, String what, double share, List<String> evidence) {
    if (share > 0) {
      evidence.add(
          Words.percent(share)
              + " of the "
              + what
              + " waited so, between the app of "
              + app
              + " that wrote them and its sidecar");
    }
  }

  @Override
  public Cause cause() {
    return Cause.TRANSPORT_DELAYED_ACK;
  }
}
