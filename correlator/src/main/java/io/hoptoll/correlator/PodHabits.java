package io.hoptoll.correlator;

import io.hoptoll.model.Nanos;
import java.util.TreeMap;

/** A pod, and what its calls have shown so far of how its app makes them. */
final class PodHabits {
  final PodKey key;

  /** When its first call came. */
  long callingSinceNanos = Nanos.UNSET;

  boolean isServing;

  /** Its app forwards headers, the trace's at least: a call of its without is nobody's. */
  boolean isForwarding;

  /** Its app forwards the request's id. */
  boolean isNaming;

  /** Calls with an id that came to no request; where it forwards nothing, as far as is known. */
  long ofNobody;

  /** When a call of its came last whose request had been emitted as complete. */
  long outlastedNanos = Nanos.UNSET;

  /** Requests that it served, in the order in which its app began; those whose app was seen. */
  final TreeMap<Long, Served> served = new TreeMap<>();

  /** Calls of its that wait for their parent, by when they began ({@link Orphans}). */
  final TreeMap<Long, WaitingHop> orphans = new TreeMap<>();

  PodHabits(PodKey key) {
    this.key = key;
  }

  boolean isCalling() {
    return Nanos.isSet(callingSinceNanos);
  }

  /** Whether it has called for so long, and served nothing, that it surely serves nothing. */
  boolean isClient(long nowNanos) {
    return !isServing && isCalling() && nowNanos - callingSinceNanos >= Limits.CALLER_KNOWN_NANOS;
  }

  /** Whether its calls have outlasted its requests lately. */
  boolean hasOutlasted(long nowNanos) {
    return Nanos.isSet(outlastedNanos) && nowNanos - outlastedNanos < Limits.OUTLASTING_NANOS;
  }

  /**
   * Asked of its next call: whether that is nobody's, so many of its calls have been, and none of
   * them forwarded an id or a trace. A few are looked at all the same, as the app may have changed.
   */
  boolean callsForNobody() {
    return !isForwarding
        && ofNobody >= Limits.CALLS_OF_NOBODY
        && ++ofNobody % Limits.STILL_LOOKED_AT != 0;
  }
}
