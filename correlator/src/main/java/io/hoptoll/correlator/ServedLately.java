package io.hoptoll.correlator;

import io.hoptoll.model.Hop;

/**
 * What emitted hops served, by request id and pod: a call that comes late is known to be no root. A
 * table of fixed size that forgets by writing over, so that what was emitted needs no memory.
 */
final class ServedLately {
  private static final int PLACES = Integer.highestOneBit(Limits.HOPS_PAST);

  private final long[] keys = new long[PLACES];
  private final long[] fromNanos = new long[PLACES];
  private final long[] endNanos = new long[PLACES];

  /** What served under no id is not remembered. */
  void add(Hop hop, Served served) {
    if (hop.requestId().isEmpty()) {
      return;
    }
    long key = PendingIds.key(hop.requestId(), served.pod.key.hashCode());
    int place = place(key);
    keys[place] = key;
    fromNanos[place] = served.fromNanos;
    endNanos[place] = served.endNanos;
  }

  /** Whether one of them was served when the call began that bears its id. */
  boolean made(WaitingHop call) {
    String id = call.node.hop().requestId();
    if (call.caller == null || id.isEmpty()) {
      return false;
    }
    long key = PendingIds.key(id, call.caller.key.hashCode());
    int place = place(key);
    long began = call.node.startNanos();
    return keys[place] == key && fromNanos[place] <= began && began <= endNanos[place];
  }

  private static int place(long key) {
    return (int) (key >>> 32) & PLACES - 1;
  }
}
