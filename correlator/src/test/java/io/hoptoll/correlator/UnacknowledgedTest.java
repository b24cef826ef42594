package io.hoptoll.correlator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.hoptoll.model.Connection;
import io.hoptoll.model.Endpoint;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.Exchange.Role;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.SocketTuple;
import io.hoptoll.model.TransportEvent;
import io.hoptoll.model.TransportEvent.Kind;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What a sidecar sent and nobody acknowledged. Instants in s. */
class UnacknowledgedTest {
  private static final ProcessKey PROXY = new ProcessKey(World.NODE, 102);
  private static final Endpoint PEER = Endpoint.parse("10.77.0.12", 9_080);

  private static final long SECOND = Nanos.PER_SECOND;

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

  /** The first SYN was lost, the second answered. */
  @Test
  void aSynThatWasAnsweredAtLastIsNotInVain() {
    again(1, 0, Kind.RETRANSMIT_SYN, 10);
    again(2, 0, Kind.RETRANSMIT_SYN, 10);
    sent.connection(ended(1, Connection.End.OPEN, 11 * SECOND, Nanos.UNSET, 0), 11);
    assertEquals(1, since(9).connecting());
    sent.connection(ended(2, Connection.End.NEVER_ESTABLISHED, Nanos.UNSET, 11 * SECOND, 110), 11);
    assertEquals(1, since(9).connecting(), "timed out");
    sent.connection(ended(2, Connection.End.NEVER_ESTABLISHED, Nanos.UNSET, 11 * SECOND, 111), 11);
    assertNull(sent.since(PROXY, 9), "refused: that is an answer");
  }

  /** A sidecar's connect time-out may be shorter than the kernel's first. */
  @Test
  void aConnectThatWasGivenUpBeforeItsSynWasSentAgainWasInVain() {
    sent.connection(ended(1, Connection.End.NEVER_ESTABLISHED, Nanos.UNSET, SECOND, 0), 11);
    assertEquals(1, since(9).connecting());
    assertEquals(
        "SYNs to "
            + PEER
            + " had no answer on 1 connection (given up by the sender's own time-out)",
        Unacknowledged.words(since(9)));
    assertNull(sent.since(PROXY, 12));
  }

  /** Of two connects a pool keeps the first that stands, and the round trip may be long. */
  @Test
  void aConnectThatWasLeftSoonWasNot() {
    sent.connection(ended(1, Connection.End.NEVER_ESTABLISHED, Nanos.UNSET, SECOND / 10, 0), 11);
    assertNull(sent.since(PROXY, 9));
  }

  /** Turn 5 had its answer, and turn 6 waits in the server's app. */
  @Test
  void whatWasAnsweredAtLastIsNotInVain() {
    again(1, 5, Kind.RETRANSMIT_TIMEOUT, 10);
    again(1, 5, Kind.RETRANSMIT_TIMEOUT, 11);
    sent.exchange(turn(1, 5, Nanos.UNSET));
    sent.exchange(turn(2, 6, Nanos.UNSET));
    assertEquals(1, since(9).established(), "the turn goes on without an answer");
    sent.exchange(turn(1, 5, 12));
    assertNull(sent.since(PROXY, 9));
  }

  @Test
  void aTurnThatFollowsSaysSoToo() {
    again(1, 5, Kind.RETRANSMIT_TIMEOUT, 10);
    again(1, 5, Kind.RETRANSMIT_TIMEOUT, 11);
    sent.exchange(turn(1, 6, Nanos.UNSET));
    assertNull(sent.since(PROXY, 9));
  }

  /** As on HTTP/2: an answer to another request came before, and the turn is told again. */
  @Test
  void whatWasReadBeforeIsNoAnswer() {
    again(1, 5, Kind.RETRANSMIT_TIMEOUT, 10);
    again(1, 5, Kind.RETRANSMIT_TIMEOUT, 11);
    sent.exchange(turn(1, 5, 9));
    assertEquals(1, since(9).established());
  }

  /** Not kept for a process that goes on: each of its exchanges goes through them. */
  @Test
  void whatIsOldIsForgotten() {
    again(1, 0, Kind.RETRANSMIT_SYN, -Limits.SENT_AGAIN_NANOS);
    sent.exchange(turn(2, 0, Nanos.UNSET));
    assertNull(sent.since(PROXY, -Limits.SENT_AGAIN_NANOS));
  }

  private static Exchange turn(long socket, int turn, long readNanos) {
    Exchange e = Change.place(World.steady("a").e3(), World.NODE, 1, socket, turn);
    return Change.owner(
        Change.marks(e, new Exchange.Marks(readNanos, readNanos, readNanos, readNanos, 5, 5)),
        new Exchange.Owner(PROXY.tgid(), PROXY.tgid(), "envoy"));
  }

  private static Connection ended(
      long socket, Connection.End end, long established, long closed, int error) {
    Exchange.Opening opening =
        new Exchange.Opening(1, established, Nanos.UNSET, Nanos.UNSET, Nanos.UNSET, 1);
    return World.connection(socket, PROXY.tgid(), PEER, opening, closed, end, error);
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
