package io.hoptoll.wire;

import io.hoptoll.wire.v1.Stamps;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * By how much the server's wall clock differs from this node's: of the latest round trips the
 * tightest counts, as in NTP's clock filter (RFC 5905 section 10).
 */
final class ServerOffset {
  private static final int LOOKS = 8;

  /**
   * @param nanos server's − node's
   * @param boundNanos half of the round trip; 0: not measured
   */
  record Estimate(long nanos, long boundNanos) {}

  private final Deque<Estimate> looks = new ArrayDeque<>();

  synchronized void add(Stamps s, long receivedWallNanos) {
    long there = s.getServerReceivedWallNanos() - s.getSentWallNanos();
    long back = s.getServerSentWallNanos() - receivedWallNanos;
    long bound = Math.abs(there - back) / 2 + 1;
    looks.addLast(new Estimate((there + back) / 2, bound));
    if (looks.size() > LOOKS) {
      looks.removeFirst();
    }
  }

  synchronized Estimate best() {
    return looks.stream()
        .min(java.util.Comparator.comparingLong(Estimate::boundNanos))
        .orElse(new Estimate(0, 0));
  }
}
