package io.hoptoll.correlator;

import io.hoptoll.model.Cause;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sidecar held the request between reading and sending it: filters, routing, an injected fault.
 */
final class FilterRule implements CauseRule {
  @Override
  public @Nullable List<String> explains(Suspect s) {
    String held = "sidecar held it " + Words.millis(s.total()) + " more between read and send";
    double injected = s.evidence(Evidence.FAULT_INJECTED);
    return injected > 0
        ? List.of(held, "Envoy flagged an injected fault in " + Words.percent(injected))
        : RunQueueWords.beside(
            s,
            "the sidecar's threads",
            held,
            "no throttling, no pool wait, no handshake in that time");
  }

  @Override
  public Cause cause() {
    return Cause.SIDECAR_FILTER;
  }
}
