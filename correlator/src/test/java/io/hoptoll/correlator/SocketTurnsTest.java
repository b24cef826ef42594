package io.hoptoll.correlator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.hoptoll.model.Exchange;
import io.hoptoll.model.Nanos;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class SocketTurnsTest {
  private static final long MILLI = Nanos.PER_MILLI;

  private final SocketTurns turns = new SocketTurns();

  /** Its data lay unread when the agent first reported the turn: a frozen app. */
  @Test
  void aTurnThatBeginsInALaterReportTakesItsPlace() {
    turns.put(turn(0, 100, 1));
    assertNotNull(turns.put(turn(1, Nanos.UNSET, 2)));
    assertEquals(0, latest(1_000));

    assertNull(turns.put(turn(1, 300, 3)));
    assertEquals(1, latest(1_000));
    assertEquals(0, latest(299));
  }

  @Test
  void anOlderReportChangesNothing() {
    turns.put(turn(1, 300, 3));
    turns.put(turn(1, Nanos.UNSET, 2));
    assertEquals(1, latest(300));
  }

  @Test
  void forgetsTheOldestNotTheOneThatHasNotBegun() {
    for (int i = 0; i < Limits.TURNS_PER_SOCKET; i++) {
      turns.put(turn(i, i, i));
    }
    turns.put(turn(1_000, Nanos.UNSET, 1_000));
    turns.put(turn(1_000, 1_000, 1_001));
    assertEquals(1_000, latest(2_000));
    assertNull(turns.latestBegunBy(0, e -> true));
  }

  /**
   * A pool of one: each request waits for the one before, which hands the connection on at once.
   */
  @Test
  void aConnectionThatWasBusyAllTheTimeWasWaitedFor() {
    turns.put(asked(0, 0, 30));
    turns.put(asked(1, 30, 60));
    turns.put(asked(2, 60, 90));
    assertEquals(60 * MILLI, turns.freedNanos(asked(2, 60, 90), 10 * MILLI));
  }

  /**
   * A filter held the request for 60 ms, and others came and went on the connection it then got.
   */
  @Test
  void aConnectionThatLayIdleMeanwhileWasNotWaitedFor() {
    turns.put(asked(0, 0, 15));
    turns.put(asked(1, 40, 59));
    turns.put(asked(2, 60, 90));
    assertEquals(Nanos.UNSET, turns.freedNanos(asked(2, 60, 90), 10 * MILLI));
  }

  /** Turns of 2 ms, each handed on after 0.9 ms: in all, idle for a third of the wait. */
  @Test
  void manyShortPausesAreNoIdleTime() {
    long sent = 0;
    int turn = 0;
    for (; turn < 20; turn++) {
      turns.put(asked(turn, sent, sent + 2 * MILLI, 1));
      sent += 2 * MILLI + 900 * Nanos.PER_MICRO;
    }
    long freed = sent - 900 * Nanos.PER_MICRO;
    assertEquals(freed, turns.freedNanos(asked(turn, sent, sent + 2 * MILLI, 1), MILLI));
  }

  /** None of the pauses is a quarter of the wait, but all together are most of it. */
  @Test
  void severalLongPausesAre() {
    for (int turn = 0; turn < 8; turn++) {
      turns.put(asked(turn, 10L * turn, 10L * turn + 2));
    }
    assertEquals(Nanos.UNSET, turns.freedNanos(asked(7, 70, 72), 5 * MILLI));
  }

  @Test
  void whatLayIdleBeforeTheRequestCameDoesNotCount() {
    turns.put(asked(0, 0, 15));
    turns.put(asked(1, 40, 60));
    turns.put(asked(2, 60, 90));
    assertEquals(60 * MILLI, turns.freedNanos(asked(2, 60, 90), 40 * MILLI));
  }

  private static Exchange asked(int turn, long sentMillis, long readMillis) {
    return asked(turn, sentMillis, readMillis, MILLI);
  }

  private static Exchange asked(int turn, long sentAt, long readAt, long unit) {
    long sent = sentAt * unit;
    long read = readAt * unit;
    return turn(turn, read, new Exchange.Marks(read, read, read, read, sent, sent));
  }

  private int latest(long nanos) {
    return Objects.requireNonNull(turns.latestBegunBy(nanos, e -> true)).exchange.turn();
  }

  private static Exchange turn(int turn, long read, long emit) {
    return turn(turn, emit, new Exchange.Marks(read, read, read, read, Nanos.UNSET, Nanos.UNSET));
  }

  private static Exchange turn(int turn, long emit, Exchange.Marks marks) {
    Exchange e = World.steady("id").e6();
    return new Exchange(
        e.node(),
        e.netns(),
        e.socketId(),
        turn,
        emit,
        e.tuple(),
        e.role(),
        e.flags(),
        e.owner(),
        e.opening(),
        marks,
        e.volume(),
        e.tcp());
  }
}
