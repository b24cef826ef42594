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

  /** Of each place eight bits of its key: most calls are not late, and these the caches hold. */
  private final byte[] tags = new byte[PLACES];

  /** What served under no id is not remembered. */
  void add(Hop hop, Served served) {
    long id = hop.outer().span().requestHash();
    if (id == 0) {
      return;
    }
    long key = PendingIds.key(id, served.pod.key.hashCode());
    tags[place(key)] = tag(key);
    int at = WORDS * place(key);
    words[at] = key;
    words[at + 1] = served.fromNanos;
    words[at + 2] = served.endNanos;
  }

  /** Whether what it was made for is emitted: its pod served its id when it began. */
  boolean isLate(WaitingHop call) {
    long id = call.node.hop().outer().span().requestHash();
    if (call.caller == null || id == 0) {
      return false;
    }
    long key = PendingIds.key(id, call.caller.key.hashCode());
    if (tags[place(key)] != tag(key)) {
      return false;
    }
    int at = WORDS * place(key);
    long began = call.node.startNanos();
    return words[at] == key && words[at + 1] <= began && began <= words[at + 2];
  }

  private static int place(long key) {
    return (int) (key >>> 32) & PLACES - 1;
  }

  /** Of bits that the place does not depend on. */
  private static byte tag(long key) {
    return (byte) (key >>> 56);
  }
}
