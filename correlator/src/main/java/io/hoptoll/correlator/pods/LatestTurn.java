package io.hoptoll.correlator.pods;

import io.hoptoll.model.Exchange;
import io.hoptoll.model.Nanos;

/**
 * The latest turn of a socket that was taken. An agent that begins again counts the turns of a
 * connection that stayed ({@link Exchange#MIDWAY}) from 0: a lower number that was asked later is a
 * new turn, not one that was overtaken.
 */
final class LatestTurn {
  private int turn = -1;
  private long askedNanos = Nanos.UNSET;

  /** Whether that is a new one. */
  boolean isBefore(Exchange e) {
    return e.turn() > turn || isCountedAnew(e);
  }

  private boolean isCountedAnew(Exchange e) {
    return e.turn() < turn
        && e.has(Exchange.MIDWAY)
        && Nanos.isSet(askedNanos)
        && OpenRequests.askedNanos(e) > askedNanos;
  }

  /** The same turn, reported again. */
  boolean is(Exchange e) {
    return e.turn() == turn;
  }

  void take(Exchange e) {
    turn = e.turn();
    long asked = OpenRequests.askedNanos(e);
    askedNanos = Nanos.isSet(asked) ? asked : askedNanos;
  }
}
