package io.hoptoll.correlator;

import io.hoptoll.model.Exchange;
import io.hoptoll.model.Exchange.Role;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.SidecarSpan;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The exchanges of one socket end (and of those that reused its address), in time order. */
final class SocketTurns {
  /** One exchange and the span that took it. */
  static final class Turn {
    Exchange exchange;
    @Nullable SidecarSpan takenBy;

    Turn(Exchange exchange) {
      this.exchange = exchange;
    }

    /** The turn's first sign: first byte read by an acceptor, first byte sent by a connector. */
    long firstNanos() {
      Exchange.Marks m = exchange.marks();
      return exchange.role() == Role.CONNECT ? m.sendFirstNanos() : m.readFirstNanos();
    }
  }

  /** A pool hands a connection on within this time, also where its event loop is busy. */
  private static final long HAND_ON_NANOS = Nanos.PER_MILLI;

  private final List<Turn> turns = new ArrayList<>(4);

  /** The socket of which an entry has claimed a turn as its downstream, last; 0: none. */
  private long loggedSocket;

  /**
   * Adds a report, or replaces an earlier report of the same turn. Returns the new turn, or null.
   */
  @Nullable Turn put(Exchange exchange) {
    for (int i = turns.size() - 1; i >= 0; i--) {
      Exchange known = turns.get(i).exchange;
      if (known.socketId() != exchange.socketId()) {
        continue;
      }
      if (known.turn() < exchange.turn() && Nanos.isSet(turns.get(i).firstNanos())) {
        break; // what is older is of turns before
      }
      if (known.turn() == exchange.turn()) {
        if (known.emitNanos() <= exchange.emitNanos()) {
          Turn turn = turns.remove(i);
          turn.exchange = exchange;
          insert(turn); // an earlier report may have known no first byte yet
        }
        return null;
      }
    }
    Turn added = new Turn(exchange);
    insert(added);
    if (turns.size() > Limits.TURNS_PER_SOCKET) {
      turns.remove(0);
    }
    return added;
  }

  /** What has not begun comes last, so that it is not the first to be forgotten. */
  private void insert(Turn added) {
    int at = turns.size();
    while (at > 0 && order(turns.get(at - 1)) > order(added)) {
      at--;
    }
    turns.add(at, added);
  }

  private static long order(Turn turn) {
    long first = turn.firstNanos();
    return Nanos.isSet(first) ? first : Long.MAX_VALUE;
  }

  @Nullable Turn of(long socketId, int number) {
    for (int i = turns.size() - 1; i >= 0; i--) {
      Exchange e = turns.get(i).exchange;
      if (e.socketId() == socketId && e.turn() == number) {
        return turns.get(i);
      }
    }
    return null;
  }

  void remove(Turn turn) {
    turns.remove(turn);
  }

  boolean isEmpty() {
    return turns.isEmpty();
  }

  void logged(long socketId) {
    loggedSocket = socketId;
  }

  /** Whether this socket's requests are in an access log. */
  boolean isLogged(long socketId) {
    return loggedSocket == socketId;
  }

  /** Whether the same socket has a later turn, so that this one is over. */
  boolean hasLater(Exchange exchange) {
    for (int i = turns.size() - 1; i >= 0; i--) {
      Exchange other = turns.get(i).exchange;
      if (other.socketId() == exchange.socketId() && other.turn() > exchange.turn()) {
        return true;
      }
    }
    return false;
  }

  boolean has(Predicate<Exchange> filter) {
    return turns.stream().anyMatch(t -> filter.test(t.exchange));
  }

  /** The latest turn that began at or before the instant. */
  @Nullable Turn latestBegunBy(long nanos, Predicate<Exchange> filter) {
    for (int i = turns.size() - 1; i >= 0; i--) {
      Turn turn = turns.get(i);
      if (Nanos.isSet(turn.firstNanos())
          && turn.firstNanos() <= nanos
          && filter.test(turn.exchange)) {
        return turn;
      }
    }
    return null;
  }

  /** Turns that began between the two instants, both included, in order. */
  List<Turn> begunWithin(long fromNanos, long toNanos) {
    int first = turns.size();
    while (first > 0 && order(turns.get(first - 1)) >= fromNanos) {
      first--;
    }
    int end = turns.size();
    while (end > first && order(turns.get(end - 1)) > toNanos) {
      end--;
    }
    return List.copyOf(turns.subList(first, end));
  }

  /**
   * When the turn before this one on the same socket ended its incoming message, if the socket was
   * what a request waited for: a connection that lay idle meanwhile could have been had before, so
   * something else held the request. Pauses of a millisecond at most are no idle time, however many
   * there were: each is a pool that hands the connection on.
   *
   * @param sinceNanos when the request came
   */
  long freedNanos(Exchange exchange, long sinceNanos) {
    long freed = Nanos.UNSET;
    long idle = 0;
    Exchange later = exchange;
    for (int i = turns.size() - 1; i >= 0; i--) {
      Exchange other = turns.get(i).exchange;
      if (other.socketId() != later.socketId() || other.turn() != later.turn() - 1) {
        continue;
      }
      long end = other.marks().readLastNanos();
      long next = later.marks().sendFirstNanos();
      if (!Nanos.isSet(end) || !Nanos.isSet(next)) {
        break;
      }
      freed = Nanos.isSet(freed) ? freed : end;
      long pause = next - Math.max(sinceNanos, end);
      idle += pause > HAND_ON_NANOS ? pause : 0;
      if (end <= sinceNanos) {
        break;
      }
      later = other;
    }
    boolean isAwaited = Nanos.isSet(freed) && idle <= spareNanos(freed - sinceNanos);
    return isAwaited ? freed : Nanos.UNSET;
  }

  /**
   * How long a connection may lie idle between two requests of which the second waited for it: a
   * pool hands it on in the same turn of its event loop, if that gets the CPU.
   */
  static long spareNanos(long waitedNanos) {
    return Math.max(HAND_ON_NANOS, waitedNanos / 4);
  }
}
