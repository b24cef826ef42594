package io.hoptoll.correlator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.model.Burst;
import io.hoptoll.model.Endpoint;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.SocketTuple;
import org.junit.jupiter.api.Test;

/** Which burst carried what a sidecar says it decoded or encoded at an instant. */
class SocketBurstsTest {
  private static final SocketTuple TUPLE =
      new SocketTuple(Endpoint.parse("10.0.0.1", 40_000), Endpoint.parse("10.0.0.2", 15_006));

  private final SocketBursts bursts = new SocketBursts();

  @Test
  void theReadBeforeAndTheWriteAfterTheInstant() {
    Burst first = add(true, 1_000, -50, 50);
    Burst second = add(true, 2_000, 50, 150);
    Burst answer = add(false, 3_000, 0, 80);
    assertEquals(first, bursts.readBy(1_500));
    assertEquals(second, bursts.readBy(2_500));
    assertEquals(answer, bursts.sentFrom(2_500));
    assertNull(bursts.sentFrom(3_500));
  }

  @Test
  void whereOneIsLostItsNeighbourIsNotTakenForIt() {
    add(true, 1_000, 0, 100);
    Burst last = add(true, 9_000, 200, 300);
    assertNull(bursts.readBy(2_000), "bytes 100 to 200 may have been read by then");
    assertEquals(last, bursts.readBy(9_500));
    add(false, 1_500, 0, 100);
    Burst later = add(false, 9_500, 200, 300);
    assertNull(bursts.sentFrom(2_000), "they may have been written sooner");
    assertEquals(later, bursts.sentOf(250));
  }

  @Test
  void anotherConnectionOfTheSameAddressesBeginsAnew() {
    assertTrue(bursts.add(burst(7, false, 1_000, 0, 100)));
    Burst other = burst(8, false, 9_000, 5_000, 5_100);
    assertTrue(bursts.add(other));
    assertEquals(other, bursts.sentFrom(2_000));
    assertFalse(bursts.add(burst(8, false, 9_500, 6_000, 6_100)));
  }

  private Burst add(boolean incoming, long nanos, int from, int to) {
    Burst burst = burst(7, incoming, nanos, from, to);
    bursts.add(burst);
    return burst;
  }

  private static Burst burst(long socket, boolean incoming, long nanos, int from, int to) {
    return new Burst(
        "node",
        11,
        socket,
        TUPLE,
        Exchange.Role.CONNECT,
        incoming,
        Exchange.MULTIPLEXED,
        new Exchange.Owner(1, 1, "envoy"),
        nanos,
        nanos,
        nanos + 10,
        from,
        to);
  }
}
