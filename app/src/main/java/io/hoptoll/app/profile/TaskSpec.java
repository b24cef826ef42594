package io.hoptoll.app.profile;

import io.hoptoll.model.HeadsAsked;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a task is asked to do.
 *
 * @param durationSeconds how long it, or each of its runs, collects
 * @param rules any of them keeps a request; none: every request is kept
 * @param heads what is read of the pod's HTTP messages, besides
 * @param trigger starts a run of it whenever exceeded; null: it runs at once, and once
 */
public record TaskSpec(
    PodInstance pod,
    long durationSeconds,
    List<Rule> rules,
    HeadsAsked heads,
    @Nullable Trigger trigger) {
  public TaskSpec {
    rules = List.copyOf(rules);
  }

  TaskSpec run() {
    return new TaskSpec(pod, durationSeconds, rules, heads, null);
  }
}
