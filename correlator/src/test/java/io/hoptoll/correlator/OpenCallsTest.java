package io.hoptoll.correlator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.hoptoll.model.Exchange;
import io.hoptoll.model.Nanos;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A Node app behind a time-out of its caller's: it served 45 requests at once, each of which waited
 * for a call of its own, and was itself called slow. Instants in ms.
 */
class OpenCallsTest {
  private static final long MILLI = Nanos.PER_MILLI;
  private static final long NEVER = -1;
  private final Exchange serving = World.steady("id").e6();
  private final OpenCalls calls = new OpenCalls();

  @Test
  void eachRequestGivenUpHasACallOfItsOwn() {
    calls.exchange(call(0, 1, NEVER, 0));
    calls.exchange(call(1, 11, NEVER, 0));
    assertEquals(1 * MILLI, claimed(0, 3_000).fromNanos());
    assertEquals(11 * MILLI, claimed(10, 3_010).fromNanos());
    assertNull(claim(20, 3_020));
  }

  /** It had its answer in time: what came later is the app's own. */
  @Test
  void anAnsweredCallIsNoWait() {
    calls.exchange(call(0, 1, NEVER, 0));
    calls.exchange(call(0, 1, 900, 0));
    assertNull(claim(0, 3_000));
  }

  @Test
  void answeredAfterItWasGivenUpItWasOpenUntilThen() {
    calls.exchange(call(0, 1, NEVER, 0));
    calls.exchange(call(0, 1, 3_500, 0));
    assertEquals(1 * MILLI, claimed(0, 3_000).fromNanos());
  }

  @Test
  void aCallThatTheAppItselfEndedEarlierIsNoWait() {
    calls.exchange(call(0, 1, NEVER, 0));
    calls.exchange(call(0, 1, NEVER, Exchange.CLOSED));
    assertNull(claim(0, 3_000));
  }

  @Test
  void aCallOfBeforeTheRequestIsAnothers() {
    calls.exchange(call(0, 1, NEVER, 0));
    assertNull(claim(2, 3_000));
  }

  private OpenCalls.Wait claimed(long from, long to) {
    return java.util.Objects.requireNonNull(claim(from, to));
  }

  private OpenCalls.@org.jspecify.annotations.Nullable Wait claim(long from, long to) {
    return calls.claim(serving, List.of(), from * MILLI, to * MILLI);
  }

  private Exchange call(int turn, long sent, long read, int flags) {
    Exchange e = World.steady("id").e1();
    long in = read == NEVER ? Nanos.UNSET : read * MILLI;
    return new Exchange(
        serving.node(),
        serving.netns(),
        e.socketId(),
        turn,
        1_000 * MILLI,
        e.tuple(),
        e.role(),
        flags,
        serving.owner(),
        e.opening(),
        new Exchange.Marks(in, in, in, in, sent * MILLI, sent * MILLI),
        e.volume(),
        e.tcp());
  }
}
