package io.hoptoll.correlator;

import io.hoptoll.model.Hop;

/**
 * What emitted hops served, by request id and pod: a call that comes late is known to be no root. A
 * table of fixed size that forgets by writing over, so that what was emitted needs no memory.
 */
final class ServedLately {
  private static final int PLACES = Limits.SERVED_LATELY;

  /** Of a place: key, from, end, nothing; so that a look costs one line of cache. */
  private static final int WORDS = 4;

  private final long[] words = new long[WORDS * PLACES];

  /** What served under no id is not remembered. */
  void add(Hop hop, Served served) {
    if (hop.requestId().isEmpty()) {
      return;
    }
    long key = PendingIds.key(hop.requestId(), served.pod.key.hashCode());
    int at = at(key);
    words[at] = key;
    words[at + 1] = served.fromNanos;
    words[at + 2] = served.endNanos;
  }

  /** Whether what it was made for is emitted: its pod served its id when it began. */
  boolean isLate(WaitingHop call) {
    String id = call.node.hop().requestId();
    if (call.caller == null || id.isEmpty()) {
      return false;
    }
    long key = PendingIds.key(id, call.caller.key.hashCode());
    int at = at(key);
    long began = call.node.startNanos();
    return words[at] == key && words[at + 1] <= began && began <= words[at + 2];
  }

  private static int at(long key) {
    return WORDS * ((int) (key >>> 32) & PLACES - 1);
  }
}
