package io.hoptoll.correlator;

import io.hoptoll.model.Cause;
import io.hoptoll.model.LegKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Requests waited for a TLS handshake: connections are opened for them instead of being reused. */
final class HandshakeRule implements CauseRule {
  private static final double MIN_SHARE = 0.4;

  @Override
  public @Nullable List<String> explains(Suspect s) {
    double grown = s.grown(LegKind.CLIENT_SIDECAR_HANDSHAKE);
    if (s.share(LegKind.CLIENT_SIDECAR_HANDSHAKE) < MIN_SHARE) {
      return null;
    }
    return List.of(
        "TLS handshake took "
            + Words.millis(grown)
            + " more a request; connections opened for a waiting request: "
            + Words.percent(s.evidence(Evidence.CONNECTIONS_OPENED)));
  }

  @Override
  public Cause cause() {
    return Cause.SIDECAR_TLS_HANDSHAKE;
  }
}
