package io.hoptoll.app.api;

import java.time.Instant;

/**
 * A range of whole seconds, from {@code window}, or {@code from} and {@code to}.
 *
 * @param fromSecond first second of the range, epoch
 * @param toSecond first second after it
 */
record Range(long fromSecond, long toSecond) {
  /** What windows are kept for, and more: the past is then empty, not refused. */
  static final long MAX_SECONDS = 86_400;

  /** The longest time for which windows are kept. */
  static final long KEPT_SECONDS = 30 * MAX_SECONDS;

  /** Older windows are ten seconds long: coarser steps begin where these do. */
  private static final long COARSE = 10;

  private static final long POINTS = 60;
  private static final long MAX_POINTS = 600;

  /** The range's last second is the one that is running. */
  static Range parse(Query query, Instant now, long defaultSeconds) {
    long window = query.seconds("window", defaultSeconds, MAX_SECONDS);
    Instant to = query.instant("to");
    Instant from = query.instant("from");
    long end = to == null ? now.getEpochSecond() + 1 : to.getEpochSecond();
    long begin = from == null ? end - window : from.getEpochSecond();
    if (begin >= end) {
      throw query.refuse("from", "" + from, "before to");
    }
    return new Range(begin, end);
  }

  long seconds() {
    return toSecond - fromSecond;
  }

  /** The step asked for, else one that gives about 60 points. */
  long step(Query query) {
    long natural = Math.max(1, (seconds() + POINTS - 1) / POINTS);
    long whole = natural <= 2 ? natural : (natural + COARSE - 1) / COARSE * COARSE;
    long step = query.seconds("step", whole, MAX_SECONDS);
    if (seconds() / step > MAX_POINTS) {
      throw query.refuse(
          "step", query.text("step") + "", "at least " + seconds() / MAX_POINTS + "s");
    }
    return step;
  }

  /** The same range, begun earlier so that steps fall on whole multiples. */
  Range aligned(long step) {
    return new Range(Math.floorDiv(fromSecond, step) * step, toSecond);
  }
}
