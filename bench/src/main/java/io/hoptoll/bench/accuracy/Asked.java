package io.hoptoll.bench.accuracy;

import io.hoptoll.minimesh.fault.Truth;
import java.util.ArrayList;
import java.util.List;

/** All answers to one case, in order. */
final class Asked {
  private record At(double seconds, Answer answer) {}

  private final Case asked;
  private final List<At> answers = new ArrayList<>();

  Asked(Case asked) {
    this.asked = asked;
  }

  void add(double seconds, Answer answer) {
    answers.add(new At(seconds, answer));
  }

  /** Whether the last two answers blame the same: of two faults at once, all the same. */
  boolean stands() {
    int n = answers.size();
    if (n < 2 || !settled().isDegraded()) {
      return false;
    }
    Answer before = answers.get(n - 2).answer();
    return settled().saysTheSameAs(before)
        && (!asked.isPair() || settled().blamed().equals(before.blamed()));
  }

  /** The answer that a user goes by: the last. */
  Answer settled() {
    if (answers.isEmpty()) {
      throw new IllegalStateException("nothing was asked about " + asked.key());
    }
    return answers.get(answers.size() - 1).answer();
  }

  /**
   * Seconds from the start of the fault to the first right answer (of two at once: that names
   * both); negative: there was none.
   */
  double firstRight(List<Truth> truths) {
    for (At at : answers) {
      boolean right =
          asked.isPair()
              ? truths.stream().allMatch(t -> Judge.isNamed(t, at.answer()))
              : Judge.of(truths.get(0), at.answer()).isRight();
      if (right) {
        return at.seconds();
      }
    }
    return -1;
  }
}
