package io.hoptoll.als;

import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bytes of messages that have begun to arrive and are not complete, of all streams together: a
 * message may be {@link Limits#MESSAGE_BYTES}, but not thousands of them at a time. Small messages
 * are never refused. Of large ones, the one that goes above the budget is refused, or, if one has
 * been arriving for longer than {@link Limits#MESSAGE_READING}, that one: a sender that stops in
 * the middle must not hold what others need. Any thread.
 */
final class ReadingBudget {
  /** A message that is arriving. */
  interface Reading {
    /** {@link System#nanoTime} of its first byte. */
    long sinceNanos();

    /** Ends its stream; any thread. */
    void refuse(String why);
  }

  private final AtomicLong bytes = new AtomicLong();
  private final Set<Reading> large = ConcurrentHashMap.newKeySet();
  private final long limit;

  ReadingBudget(long limit) {
    this.limit = limit;
  }

  /**
   * More of a message has come.
   *
   * @param soFar the message's bytes, {@code more} included
   */
  void grow(Reading reading, long soFar, long more) {
    long all = bytes.addAndGet(more);
    if (soFar < Limits.LARGE_MESSAGE_BYTES) {
      return;
    }
    large.add(reading);
    if (all > limit) {
      String why =
          "%,d bytes of messages are being read at a time, the limit is %,d; send smaller messages (flush sooner), or try again later"
              .formatted(all, limit);
      stalled(System.nanoTime()).orElse(reading).refuse(why);
    }
  }

  /** A message is complete or given up. */
  void release(Reading reading, long held) {
    bytes.addAndGet(-held);
    large.remove(reading);
  }

  long bytes() {
    return bytes.get();
  }

  private Optional<Reading> stalled(long nowNanos) {
    return large.stream()
        .filter(r -> nowNanos - r.sinceNanos() > Limits.MESSAGE_READING.toNanos())
        .min(Comparator.comparingLong(r -> r.sinceNanos() - nowNanos));
  }
}
