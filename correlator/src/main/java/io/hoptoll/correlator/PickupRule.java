package io.hoptoll.correlator;

import io.hoptoll.model.Cause;
import io.hoptoll.model.LegKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Data lay ready in the app's socket before the app read it: a blocked event loop, or all workers
 * busy.
 */
final class PickupRule implements CauseRule {
  private static final long PICKUP =
      LegKind.SERVER_APP_PICKUP.bit() | LegKind.CLIENT_APP_PICKUP.bit();

  /** Where the sidecar's write was not seen, the way over loopback is in the same leg. */
  private static final long LOOPBACK =
      LegKind.SERVER_LOOPBACK_REQUEST.bit() | LegKind.CLIENT_LOOPBACK_RESPONSE.bit();

  @Override
  public @Nullable List<String> explains(Suspect s) {
    double pickup = s.grownWithin(PICKUP, LOOPBACK);
    return pickup <= 0 || pickup < s.grown(LegKind.SERVER_APP_SELF) ? null : evidence(s);
  }

  /** Whether a leg of these kinds is such a wait. */
  static boolean isWait(long kinds) {
    return (kinds & PICKUP) != 0 && (kinds & ~(PICKUP | LOOPBACK)) == 0;
  }

  static List<String> evidence(Suspect s) {
    double pickup = s.grownWithin(PICKUP, LOOPBACK);
    double self = s.grown(LegKind.SERVER_APP_SELF);
    return RunQueueWords.beside(
        s,
        "the app's threads",
        "data waited "
            + Words.millis(pickup)
            + " more in the app's socket before it was read (ready → read)",
        "the app's own service time grew by " + Words.millis(self));
  }

  @Override
  public Cause cause() {
    return Cause.APP_PICKUP_DELAY;
  }
}
