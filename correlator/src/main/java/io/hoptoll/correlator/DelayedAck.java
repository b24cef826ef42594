package io.hoptoll.correlator;

import io.hoptoll.model.Exchange;
import io.hoptoll.model.Nanos;
import org.jspecify.annotations.Nullable;

/**
 * Nagle's algorithm (RFC 896) against a delayed ACK (RFC 1122 4.2.3.2): a sender without
 * TCP_NODELAY that writes a message in small pieces keeps the last in its queue until the one
 * before is acknowledged, and its peer, which has nothing to say yet, acknowledges that only when
 * its timer fires.
 *
 * <p>Seen at both ends of one connection in one pod: the first piece arrived at once, the last one
 * about the timer's time later, though its write had returned long before; nothing was sent again
 * and the window stood open. A slow sender's last write comes late, a slow way delays the first
 * piece too, a loss is sent again.
 */
final class DelayedAck {
  /**
   * Linux' TCP_DELACK_MIN, 40 ms, less a jiffy at CONFIG_HZ=100: by so much a timer may be early.
   */
  static final long SHORTEST_NANOS = 30 * Nanos.PER_MILLI;

  /** Linux' TCP_DELACK_MAX, 200 ms, and two jiffies. */
  static final long LONGEST_NANOS = 220 * Nanos.PER_MILLI;

  /** What the last piece waited may be less, as it was written later; a jiffy says nothing. */
  private static final long LEAST_NANOS = 10 * Nanos.PER_MILLI;

  private DelayedAck() {}

  /**
   * How long the last piece of the sender's message waited so, ns: from its write to when the
   * receiver had it. 0 where it did not, or where either end is not known.
   */
  static long heldNanos(@Nullable Exchange sender, @Nullable Exchange receiver) {
    if (sender == null || receiver == null || !mayHold(sender) || !isOwnTurn(receiver)) {
      return 0;
    }
    Exchange.Marks s = sender.marks();
    Exchange.Marks r = receiver.marks();
    boolean known =
        Nanos.isSet(s.sendFirstNanos())
            && Nanos.isSet(s.sendLastNanos())
            && Nanos.isSet(r.readyFirstNanos())
            && Nanos.isSet(r.readyLastNanos());
    if (!known) {
      return 0;
    }
    long held = r.readyLastNanos() - s.sendLastNanos();
    long arrivals = r.readyLastNanos() - r.readyFirstNanos();
    boolean isTimer = held >= LEAST_NANOS && held <= LONGEST_NANOS && arrivals >= SHORTEST_NANOS;
    boolean firstWasPrompt = r.readyFirstNanos() - s.sendFirstNanos() <= held / 4;
    boolean windowWasShut = sender.tcp().receiveWindowLimitedMillis() * Nanos.PER_MILLI > held / 2;
    return isTimer && firstWasPrompt && !windowWasShut ? held : 0;
  }

  /** Several writes in a turn of its own, none of them sent again. */
  private static boolean mayHold(Exchange sender) {
    return sender.volume().sends() > 1
        && isOwnTurn(sender)
        && !sender.has(Exchange.NODELAY)
        && sender.tcp().retransmits() == 0;
  }

  private static boolean isOwnTurn(Exchange e) {
    return !e.has(Exchange.SHARED) && !e.has(Exchange.MULTIPLEXED);
  }
}
