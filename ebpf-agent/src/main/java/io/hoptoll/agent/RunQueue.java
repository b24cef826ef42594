package io.hoptoll.agent;

import io.hoptoll.model.Nanos;
import org.jspecify.annotations.Nullable;

/** Time that a process' threads were ready to run and had no CPU. */
interface RunQueue {
  /** Where the scheduler cannot be watched: nothing is known of any process. */
  RunQueue OFF =
      new RunQueue() {
        @Override
        public void watch(int tgid) {}

        @Override
        public void forget(int tgid) {}

        @Override
        public @Nullable Wait read(int tgid) {
          return null;
        }
      };

  /**
   * @param nanos waited in all since the process is watched
   * @param times how many waits ended
   */
  record Wait(long nanos, long times) {
    /** What came between two looks; unset where one of them saw nothing. */
    static Wait growth(@Nullable Wait before, @Nullable Wait after) {
      return before == null || after == null
          ? new Wait(Nanos.UNSET, 0)
          : new Wait(after.nanos - before.nanos, after.times - before.times);
    }
  }

  void watch(int tgid);

  void forget(int tgid);

  /** Null for a process that is not watched. */
  @Nullable Wait read(int tgid);
}
