package io.hoptoll.app.profile;

import io.hoptoll.model.Nanos;

/** Every bound of the profiling tasks in one place. */
public final class Limits {
  /** Tasks kept, of any state; for a new one the oldest finished one goes. */
  static final int TASKS = 64;

  /** Tasks that collect at once: each looks at every request. */
  static final int RUNNING = 8;

  /** Tasks that wait for a threshold. */
  static final int WATCHES = 16;

  /** Finished runs kept of one that waits; of more the oldest goes. */
  static final int RUNS_PER_WATCH = 4;

  /** Rules of one task. */
  public static final int RULES = 8;

  /** A hop with two spans (1.5 kB), eight exchanges (4 kB), 20 legs and 25 marks (2 kB). */
  static final int BYTES_PER_HOP = 8 * 1024;

  /** What one task keeps: 1,024 requests of two hops. */
  static final long BYTES_PER_TASK = 16L << 20;

  /** What all tasks keep: that of {@link #RUNNING}; beyond, the oldest finished one goes. */
  static final long BYTES = 128L << 20;

  /** Calls inside TLS, and again as many in clear, that one task keeps, of at most 4 kB: 2 MiB. */
  static final int CALLS = 256;

  /**
   * Calls in clear that a task remembers until the request that they are part of is joined, some
   * seconds later, and at most until it is done; of at most 3 kB each (a path of 512 bytes, twice,
   * and four fields of 255): 6 MiB a task.
   */
  static final int RECENT_CALLS = 2_048;

  /** Of a message: a request line and the ids behind it, mostly. */
  public static final int DEFAULT_HEAD_BYTES = 512;

  /** A status line and a short request line. */
  public static final int LEAST_HEAD_BYTES = 64;

  /** What a record of the agent's ring holds of a message inside TLS. */
  public static final int MOST_HEAD_BYTES = 2_048;

  /** And of a request in clear. */
  public static final int MOST_CLEAR_BYTES = 512;

  /** Longest time of a task, with all extensions. */
  public static final long LONGEST_SECONDS = 3_600;

  /**
   * A request that ended in the task's time is assembled this much later at most: the access log's
   * flush (1 s), the wait for exchanges (2.5 s) and for the other hops (6.6 s).
   */
  static final long SETTLE_NANOS = 11 * Nanos.PER_SECOND;

  /** Processes of a pod whose CPU is summed. */
  static final int PROCESSES = 64;

  /** Longest time over which a threshold is judged; a slot a second. */
  public static final int WINDOW_SECONDS = 60;

  private Limits() {}
}
