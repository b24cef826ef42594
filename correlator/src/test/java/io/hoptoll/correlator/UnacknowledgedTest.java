package io.hoptoll.correlator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.hoptoll.model.Endpoint;
import io.hoptoll.model.Exchange.Role;
import io.hoptoll.model.SocketTuple;
import io.hoptoll.model.TransportEvent;
import io.hoptoll.model.TransportEvent.Kind;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What a sidecar sent and nobody acknowledged. Instants in s. */
class UnacknowledgedTest {
  private static final ProcessKey PROXY = new ProcessKey(World.NODE, 102);
  private static final Endpoint PEER = Endpoint.parse("10.77.0.12", 9_080);

  private final Unacknowledged sent = new Unacknowledged();

  @Test
  void aSynWithoutAnAnswerIsEnough() {
    again(1, 0, Kind.RETRANSMIT_SYN, 10);
    assertEquals(1, since(9).connecting());
    assertEquals("SYNs to " + PEER, Unacknowledged.words(since(9)).substring(0, 23));
  }

  @Test
  void oneTimeOutIsALostPacketTwoInARowAreNot() {
    again(1, 0, Kind.RETRANSMIT_TIMEOUT, 10);
    again(1, 1, Kind.RETRANSMIT_TIMEOUT, 11);
    assertNull(sent.since(PROXY, 9));
    again(1, 1, Kind.RETRANSMIT_TIMEOUT, 12);
    assertEquals(1, since(9).established());
    assertEquals(2, since(9).segments());
  }

  @Test
  void ofBeforeNothingCounts() {
    again(1, 0, Kind.RETRANSMIT_SYN, 10);
    assertNull(sent.since(PROXY, 11));
    assertNull(sent.since(new ProcessKey(World.NODE, 101), 9));
  }

  private Unacknowledged.InVain since(long wall) {
    return Objects.requireNonNull(sent.since(PROXY, wall));
  }

  private void again(long socket, int turn, Kind kind, long wall) {
    SocketTuple tuple = new SocketTuple(Endpoint.parse("10.77.0.11", 40_000), PEER);
    sent.event(
        new TransportEvent(
            World.NODE,
            1,
            socket,
            turn,
            wall,
            tuple,
            Role.CONNECT,
            PROXY.tgid(),
            kind,
            1,
            0,
            0,
            "",
            0),
        wall);
  }
}
