package io.hoptoll.als;

/**
 * Which logs of one proxy have spoken. Of one that has been alone for {@link Limits#COPY_WAIT}
 * nothing is remembered: whose copies could come? So where a second log is configured later, what
 * both report of its first flush counts twice, once. Any thread.
 */
final class ProxyLogs {
  private static final long WAIT_MILLIS = Limits.COPY_WAIT.toMillis();

  private boolean hasSpoken;
  private long first;
  private long firstMillis;

  /** Settled: never written again. */
  private volatile boolean areSeveral;

  private volatile boolean isAlone;

  /**
   * Whether copies of what this log reports may come, from another one.
   *
   * @param log {@link LogSource#id}
   */
  boolean mayCopy(long log, long nowMillis) {
    return areSeveral || !(isAlone && log == first) && look(log, nowMillis);
  }

  private synchronized boolean look(long log, long nowMillis) {
    if (!hasSpoken) {
      hasSpoken = true;
      first = log;
      firstMillis = nowMillis;
    }
    areSeveral |= log != first;
    isAlone = !areSeveral && nowMillis - firstMillis >= WAIT_MILLIS;
    return !isAlone;
  }
}
