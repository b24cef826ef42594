package io.hoptoll.correlator;

import io.hoptoll.model.Cause;
import io.hoptoll.model.Leg;
import io.hoptoll.model.Party;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A delay bounded by the marks at hand, whose owner they cannot tell. */
final class UnresolvedRule implements CauseRule {
  @Override
  public @Nullable List<String> explains(Suspect s) {
    long kinds =
        s.excess().entrySet().stream()
            .max(Map.Entry.comparingByValue())
            .map(Map.Entry::getKey)
            .orElse(0L);
    return List.of(
        "it is one of: "
            + Leg.parties(kinds).stream().map(Party::label).collect(Collectors.joining(", ")),
        "marks are missing between the parties of "
            + s.edge()
            + ": no agent sees the pod at one end, no access log tells of it, or it is outside the"
            + " mesh");
  }

  @Override
  public Cause cause() {
    return Cause.UNRESOLVED;
  }
}
