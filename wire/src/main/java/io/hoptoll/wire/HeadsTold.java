package io.hoptoll.wire;

import io.hoptoll.model.HeadsAsked;
import java.util.Map;
import java.util.function.Consumer;

/** What the server asks to have read, told to who reads whenever it changes. Of one thread. */
final class HeadsTold {
  private volatile Consumer<Map<Long, HeadsAsked>> reader = asked -> {};
  private Map<Long, HeadsAsked> told = Map.of();

  /** Any thread, before the first {@link #tell}. */
  void to(Consumer<Map<Long, HeadsAsked>> out) {
    reader = out;
  }

  /**
   * If the reader fails, it is told again at the next call.
   *
   * @param asked by network namespace; all of it
   */
  void tell(Map<Long, HeadsAsked> asked) {
    if (!asked.equals(told)) {
      reader.accept(asked);
      told = asked;
    }
  }
}
