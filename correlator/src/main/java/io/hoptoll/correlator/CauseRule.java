package io.hoptoll.correlator;

import io.hoptoll.model.Cause;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says whether one cause explains a suspect. One rule a class; see {@link CauseRules} for order.
 */
interface CauseRule {
  /** The evidence in words and numbers, or null where the rule does not apply. */
  @Nullable List<String> explains(Suspect suspect);

  Cause cause();

  /** What to do; a rule that knows more than its cause says it in other words. */
  default String remedy() {
    return Remedies.of(cause());
  }
}
