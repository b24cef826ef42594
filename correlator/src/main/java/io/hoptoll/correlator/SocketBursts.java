package io.hoptoll.correlator;

import io.hoptoll.model.Burst;
import io.hoptoll.model.Nanos;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * The bursts of one end of a multiplexed connection, by direction, in time order. Their sequence
 * numbers follow each other, so that a burst which was lost on its way here is missed: what may
 * have been in it is not taken for a part of another.
 */
final class SocketBursts {
  private final Deque<Burst> in = new ArrayDeque<>();
  private final Deque<Burst> out = new ArrayDeque<>();

  /** Returns whether it follows what came before it; false: bytes between are not told. */
  boolean add(Burst burst) {
    Deque<Burst> same = burst.incoming() ? in : out;
    Burst before = same.peekLast();
    same.addLast(burst);
    if (same.size() > Limits.BURSTS_PER_SOCKET) {
      same.removeFirst();
    }
    return before == null || follows(burst, before);
  }

  private static boolean follows(Burst later, Burst earlier) {
    return later.socketId() != earlier.socketId() || later.seqFrom() == earlier.seqTo();
  }

  int size() {
    return in.size() + out.size();
  }

  /** The latest read that had returned by the instant: what was decoded then came with it. */
  @Nullable Burst readBy(long nanos) {
    return latest(in, nanos);
  }

  /** The first write that went on after the instant: what was encoded then left with it. */
  @Nullable Burst sentFrom(long nanos) {
    Burst found = null;
    for (Iterator<Burst> it = out.descendingIterator(); it.hasNext(); ) {
      Burst b = it.next();
      if (b.lastNanos() < nanos) {
        return found == null || follows(found, b) ? found : null;
      }
      found = b;
    }
    return found;
  }

  /** The burst that read the byte. */
  @Nullable Burst readOf(int seq) {
    return holding(in, seq);
  }

  /** The burst that wrote the byte. */
  @Nullable Burst sentOf(int seq) {
    return holding(out, seq);
  }

  private static @Nullable Burst latest(Deque<Burst> bursts, long nanos) {
    Burst next = null;
    for (Iterator<Burst> it = bursts.descendingIterator(); it.hasNext(); ) {
      Burst b = it.next();
      if (Nanos.isSet(b.firstNanos()) && b.firstNanos() <= nanos) {
        return next == null || follows(next, b) ? b : null;
      }
      next = b;
    }
    return null;
  }

  private static @Nullable Burst holding(Deque<Burst> bursts, int seq) {
    for (Iterator<Burst> it = bursts.descendingIterator(); it.hasNext(); ) {
      Burst b = it.next();
      if (b.holds(seq)) {
        return b;
      }
    }
    return null;
  }
}
