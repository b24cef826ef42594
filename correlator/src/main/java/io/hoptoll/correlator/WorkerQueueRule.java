package io.hoptoll.correlator;

import io.hoptoll.model.Cause;
import io.hoptoll.model.LegKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Data lay ready in the socket while Envoy's worker was busy elsewhere: access logs cannot see
 * this.
 */
final class WorkerQueueRule implements CauseRule {
  private static final double MIN_SHARE = 0.6;

  @Override
  public @Nullable List<String> explains(Suspect s) {
    double grown =
        s.grown(
            LegKind.CLIENT_SIDECAR_QUEUE,
            LegKind.SERVER_SIDECAR_QUEUE,
            LegKind.CLIENT_SIDECAR_RESPONSE_QUEUE,
            LegKind.SERVER_SIDECAR_RESPONSE_QUEUE);
    if (s.share(
            LegKind.CLIENT_SIDECAR_QUEUE,
            LegKind.SERVER_SIDECAR_QUEUE,
            LegKind.CLIENT_SIDECAR_RESPONSE_QUEUE,
            LegKind.SERVER_SIDECAR_RESPONSE_QUEUE)
        < MIN_SHARE) {
      return null;
    }
    return RunQueueWords.beside(
        s,
        "the sidecar's threads",
        "data waited "
            + Words.millis(grown)
            + " more in the socket before the sidecar read it (ready → read)");
  }

  @Override
  public Cause cause() {
    return Cause.SIDECAR_WORKER_QUEUE;
  }
}
