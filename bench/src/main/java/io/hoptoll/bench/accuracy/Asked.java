package io.hoptoll.bench.accuracy;

import io.hoptoll.minimesh.fault.Truth;
import java.util.ArrayList;
import java.util.List;

/** All answers to one case, in order. */
final class Asked {
  private record At(double seconds, Answer answer) {}

  private final String fault;
  private final List<At> answers = new ArrayList<>();

  Asked(String fault) {
    this.fault = fault;
  }

  void add(double seconds, Answer answer) {
    answers.add(new At(seconds, answer));
  }

  /** Whether the last two answers blame the same. */
  boolean stands() {
    int n = answers.size();
    return n >= 2 && settled().isDegraded() && settled().saysTheSameAs(answers.get(n - 2).answer());
  }

  /** The answer that a user goes by: the last. */
  Answer settled() {
    if (answers.isEmpty()) {
      throw new IllegalStateException("nothing was asked about " + fault);
    }
    return answers.get(answers.size() - 1).answer();
  }

  /** Seconds from the start of the fault to the first right answer; negative: there was none. */
  double firstRight(Truth truth) {
    for (At at : answers) {
      Judge judge = Judge.of(truth, at.answer());
      if (judge.partyRight() && judge.causeRight()) {
        return at.seconds();
      }
    }
    return -1;
  }
}
