package io.hoptoll.correlator;

import io.hoptoll.model.Cause;
import io.hoptoll.model.LegKind;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The app's time is in fact time that its threads waited for their own calls to others that are no
 * hops here: what is one has legs and a verdict of its own.
 */
final class DependencyRule implements CauseRule {
  private static final double MIN_SHARE = 0.5;
  private static final int NAMED = 2;

  @Override
  public @Nullable List<String> explains(Suspect s) {
    if (s.share(LegKind.SERVER_APP_DEPENDENCY) < MIN_SHARE) {
      return null;
    }
    return List.of(
        "the threads that served waited "
            + Words.millis(s.grown(LegKind.SERVER_APP_DEPENDENCY))
            + " more for their own calls, which no access log ties to the request or tells of yet",
        "of all that waiting: " + peers(s.waits()),
        "the app itself took " + Words.millis(s.grown(LegKind.SERVER_APP_SELF)) + " more");
  }

  /** The two that were waited for most. */
  private static String peers(Map<String, Long> waits) {
    double all = waits.values().stream().mapToLong(Long::longValue).sum();
    return waits.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .limit(NAMED)
        .map(e -> Words.percent(e.getValue() / all) + " for " + e.getKey())
        .collect(Collectors.joining(", "));
  }

  @Override
  public Cause cause() {
    return Cause.DEPENDENCY;
  }
}
