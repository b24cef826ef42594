package io.hoptoll.correlator;

import io.hoptoll.model.Cause;
import io.hoptoll.model.LegKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Requests waited for a connection of the pool that other requests held. */
final class PoolWaitRule implements CauseRule {
  private static final double MIN_SHARE = 0.4;

  @Override
  public @Nullable List<String> explains(Suspect s) {
    double grown = s.grown(LegKind.CLIENT_SIDECAR_POOL, LegKind.SERVER_SIDECAR_POOL);
    if (s.share(LegKind.CLIENT_SIDECAR_POOL, LegKind.SERVER_SIDECAR_POOL) < MIN_SHARE) {
      return null;
    }
    return List.of(
        "requests waited "
            + Words.millis(grown)
            + " more for a pooled connection: the one they got was busy until then");
  }

  @Override
  public Cause cause() {
    return Cause.SIDECAR_POOL_WAIT;
  }
}
