package io.hoptoll.correlator;

import io.hoptoll.model.Cause;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A delay bounded by the marks at hand, whose owner they cannot tell. */
final class UnresolvedRule implements CauseRule {
  @Override
  public @Nullable List<String> explains(Suspect s) {
    return List.of(
        "marks are missing between the parties: the agent must see the pods at both ends of "
            + s.edge());
  }

  @Override
  public Cause cause() {
    return Cause.UNRESOLVED;
  }
}
