package io.hoptoll.correlator;

import io.hoptoll.model.Cause;
import io.hoptoll.model.LegKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Large responses were held up on their way, small requests were not: the path carries too little
 * for them (a shaper, a full link), rather than being long.
 */
final class BandwidthRule implements CauseRule {
  private static final double MIN_SHARE = 0.8;

  /** One congestion window of a fresh connection (RFC 6928): below it size cannot matter. */
  private static final double LARGE_BYTES = 14_600;

  @Override
  public @Nullable List<String> explains(Suspect s) {
    double bytes = s.evidence(Evidence.RESPONSE_BYTES);
    double grown = s.grown(LegKind.TRANSPORT_RESPONSE, LegKind.BODY_NETWORK);
    if (bytes < LARGE_BYTES || grown < MIN_SHARE * s.total()) {
      return null;
    }
    return List.of(
        "responses of "
            + Words.number(bytes / 1024)
            + " KiB took "
            + Words.millis(grown)
            + " more between the pods' sockets",
        "requests took " + Words.millis(s.grown(LegKind.TRANSPORT_REQUEST)) + " more");
  }

  @Override
  public Cause cause() {
    return Cause.TRANSPORT_BANDWIDTH;
  }
}
