package io.hoptoll.correlator;

import io.hoptoll.model.Cause;
import io.hoptoll.model.LegKind;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A server of which nothing tells, as one outside the mesh: the way there or the server itself? Its
 * kernel acknowledges what arrives, with the answer or 40 ms later at most (delayed ACK), whatever
 * its app does. So the way there can have taken no more than a round trip longer, unless something
 * was sent again; what is beyond, the server took, or the answer's way back: what is lost or held
 * up on that is in neither the caller's round trips nor its retransmits.
 */
final class OutsideRule implements CauseRule {
  private static final double MIN_SHARE = 0.5;

  private static final long BEHIND =
      LegKind.TRANSPORT_REQUEST.bit()
          | LegKind.SERVER_APP_SERVICE.bit()
          | LegKind.TRANSPORT_RESPONSE.bit();

  private static final long CLIENT = client();

  private static long client() {
    long bits = 0;
    for (LegKind kind : LegKind.values()) {
      bits |= kind.name().startsWith("CLIENT_") ? kind.bit() : 0;
    }
    return bits;
  }

  /** From the sidecar's write to what it read: its socket was seen, and nothing of the server. */
  static boolean isBehindTheSidecar(long kinds) {
    return (kinds & BEHIND) == BEHIND && (kinds & CLIENT) == 0;
  }

  @Override
  public @Nullable List<String> explains(Suspect s) {
    double behind = 0;
    for (Map.Entry<Long, Double> leg : s.excess().entrySet()) {
      behind += isBehindTheSidecar(leg.getKey()) ? leg.getValue() : 0;
    }
    double roundTrip = 1e3 * s.evidence(Evidence.LAST_RTT_MICROS);
    double way =
        Math.max(0, 1e3 * s.grown(Evidence.LAST_RTT_MICROS))
            + s.evidence(Evidence.TRANSPORT_WITH_RETRANSMITS);
    if (roundTrip <= 0 || behind - way < MIN_SHARE * s.total()) {
      return null;
    }
    return List.of(
        "the answer took "
            + Words.millis(behind)
            + " more; what was sent to "
            + s.edge().server()
            + " was acknowledged within "
            + Words.millis(roundTrip)
            + " as before or nearly, so the way there did not take it: the server did, or the"
            + " answer's way back, which is not seen from here",
        "no sidecar and no agent tells of "
            + s.edge().server()
            + ": what it did meanwhile is not seen");
  }

  @Override
  public Cause cause() {
    return Cause.DEPENDENCY;
  }

  @Override
  public String remedy() {
    return Remedies.ofServerOutside();
  }
}
