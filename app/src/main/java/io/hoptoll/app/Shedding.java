package io.hoptoll.app;

import io.hoptoll.model.Endpoint;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.SidecarSpan;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which requests are left out while more comes than the correlator can do. Level 1 keeps all, but
 * not their details; from then on each level keeps half as many. Decided by a hash of the request
 * id, so that all entries of a request are kept or none, and by when the request began, so that a
 * change of level parts next to none. Kept at one level is kept at each lower one.
 */
final class Shedding {
  private static final Logger LOG = LoggerFactory.getLogger(Shedding.class);

  /** At most 1 of 64 requests is kept: past that the queue itself is full, and drops. */
  static final int MAX_LEVEL = 7;

  private static final long RAISE_EVERY_NANOS = 200 * Nanos.PER_MILLI;
  private static final long CALM_NANOS = Nanos.PER_SECOND;
  private static final long LONGEST_CALM_NANOS = 60 * Nanos.PER_SECOND;
  private static final long RELAPSE_NANOS = 10 * Nanos.PER_SECOND;

  /** Entries come up to one flush (1 s) late: half of those on their way know the new level. */
  private static final long LATE_NANOS = 500 * Nanos.PER_MILLI;

  /** A start further from now than this is of a clock that is not ours. */
  private static final long FOREIGN_NANOS = 60 * Nanos.PER_SECOND;

  private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;

  /** A level, for requests that began at {@code fromWallNanos} or later. */
  private record Step(int level, long fromWallNanos, int levelBefore) {}

  private final int capacity;
  private final LongAdder shed = new LongAdder();
  private volatile Step step = new Step(0, Long.MIN_VALUE, 0);
  private long changedNanos;
  private long shortSinceNanos;
  private long calmNanos = CALM_NANOS;
  private boolean lowered;
  private long told;

  /**
   * @param capacity of the queue
   */
  Shedding(int capacity) {
    this.capacity = capacity;
  }

  /** Whether any request may be left out. Any thread. */
  boolean isOn() {
    Step now = step;
    return now.level > 1 || now.levelBefore > 1;
  }

  /**
   * False: this request is left out. Any thread.
   *
   * @param hash 64 bits of its id
   */
  boolean keeps(long hash, long startWallNanos) {
    Step now = step;
    long since = startWallNanos - now.fromWallNanos;
    int level = since < 0 && since > -FOREIGN_NANOS ? now.levelBefore : now.level;
    long key = hash * SPREAD;
    return level <= 1 || ((key >>> 32 ^ key >>> 16) & (1L << level - 1) - 1) == 0;
  }

  /** The same of a request without id, by the connection between its sidecars, which both name. */
  boolean keepsUnnamed(SidecarSpan span) {
    if (!isOn() || !span.requestId().isEmpty()) {
      return true; // one with an id has been asked about
    }
    Endpoint connection = span.isOutbound() ? span.upstreamLocal() : span.downstreamDirectRemote();
    return keeps(connection.hashCode(), span.startWallNanos());
  }

  /** Counts entries that are left out. Any thread. */
  void leftOut(int entries) {
    shed.add(entries);
  }

  /**
   * Raises the level where half of the queue waits, by two where three quarters do; lowers it when
   * the queue has been short for a while. That while is doubled when the level had to be raised
   * soon after it was lowered. One thread.
   *
   * @param queued records that wait
   */
  void look(int queued, long nowNanos, long wallNanos) {
    int level = step.level;
    long unchanged = nowNanos - changedNanos;
    if (queued >= capacity / 2 && level < MAX_LEVEL && unchanged >= RAISE_EVERY_NANOS) {
      boolean soon = lowered && unchanged < RELAPSE_NANOS;
      calmNanos = soon ? Math.min(LONGEST_CALM_NANOS, 2 * calmNanos) : calmNanos;
      lowered = false;
      int by = queued >= capacity / 4 * 3 ? 2 : 1;
      change(Math.min(MAX_LEVEL, level + by), queued, nowNanos, wallNanos);
    } else if (queued >= capacity / 8) {
      shortSinceNanos = nowNanos;
    } else if (level > 0 && nowNanos - Math.max(shortSinceNanos, changedNanos) >= calmNanos) {
      lowered = true;
      change(level - 1, queued, nowNanos, wallNanos);
    } else if (level == 0 && unchanged >= LONGEST_CALM_NANOS) {
      calmNanos = CALM_NANOS;
    }
  }

  /** 0: nothing is left out. */
  int level() {
    return step.level;
  }

  /** Entries left out so far. */
  long shed() {
    return shed.sum();
  }

  /** Entries left out since the last call. One thread. */
  long takeShed() {
    long all = shed.sum();
    long since = all - told;
    told = all;
    return since;
  }

  private void change(int level, int queued, long nowNanos, long wallNanos) {
    LOG.info(
        "shedding level {} → {}: {} of {} records wait; {} entries left out so far",
        step.level,
        level,
        queued,
        capacity,
        shed());
    step = new Step(level, wallNanos - LATE_NANOS, step.level);
    changedNanos = nowNanos;
  }
}
