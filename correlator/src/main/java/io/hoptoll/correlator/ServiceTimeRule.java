package io.hoptoll.correlator;

import io.hoptoll.model.Cause;
import io.hoptoll.model.LegKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The app took the time between its last read of the request and its first byte of the answer, less
 * its own calls.
 */
final class ServiceTimeRule implements CauseRule {
  private static final double PROMPT_SHARE = 0.2;

  /** Given up before an answer, where it is not known that the app had read the request. */
  private static final long UNREAD =
      LegKind.SERVER_LOOPBACK_REQUEST.bit() | LegKind.SERVER_APP_PICKUP.bit();

  @Override
  public @Nullable List<String> explains(Suspect s) {
    return evidence(s);
  }

  static List<String> evidence(Suspect s) {
    double self = s.grown(LegKind.SERVER_APP_SELF);
    double with = s.grownWithin(LegKind.SERVER_APP_SERVICE.bit(), UNREAD);
    if (with > self) {
      return RunQueueWords.beside(
          s,
          "the app's threads",
          "requests lay "
              + Words.millis(with)
              + " more at the app, without an answer, until they were given up");
    }
    double pickup = s.grown(LegKind.SERVER_APP_PICKUP);
    String read =
        pickup < PROMPT_SHARE * self
            ? "it read requests promptly: pick-up "
                + (pickup > 0 ? "grew by " + Words.millis(pickup) : "did not grow")
            : "requests also waited " + Words.millis(pickup) + " more before it read them";
    return RunQueueWords.beside(
        s,
        "the app's threads",
        "app took "
            + Words.millis(self)
            + " more between reading the request and answering, its own calls not counted",
        read);
  }

  @Override
  public Cause cause() {
    return Cause.APP_SERVICE_TIME;
  }
}
