package io.hoptoll.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hoptoll.agent.TurnMachine.Turn;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Which turn an event belongs to and which mark it sets; times are small numbers. */
@Tag("bpf")
class TurnMachineTest {
  private TurnMachine socket;

  @BeforeEach
  void load() throws AgentException {
    Readiness readiness = SocketAgent.check();
    assumeTrue(readiness.ready(), () -> String.join("; ", readiness.missing()));
    socket = new TurnMachine();
  }

  @AfterEach
  void close() {
    if (socket != null) {
      socket.close();
    }
  }

  @Test
  void aClientsTurnEndsWithItsNextRequest() {
    socket.connect();
    socket.send(10, 11, 101);
    socket.ready(20, 2_003);
    Turn answered = socket.read(21, 2_003);
    assertEquals(new Turn(false, 0, 20, 20, 21, 21, 10, 11, 2_003, 101, 1, 2_003), answered);
    Turn next = socket.send(30, 31, 103);
    assertEquals(new Turn(true, 1, 0, 0, 0, 0, 30, 31, 0, 103, 0, 0), next);
  }

  @Test
  void aServersTurnEndsWithItsNextRequest() {
    socket.accept();
    socket.ready(10, 101);
    assertFalse(socket.read(12, 101).ended());
    Turn answered = socket.send(20, 22, 2_003);
    assertEquals(new Turn(false, 0, 10, 10, 12, 12, 20, 22, 101, 2_003, 1, 101), answered);
    socket.ready(30, 103);
    Turn next = socket.read(33, 103);
    assertEquals(new Turn(true, 1, 30, 30, 33, 33, 0, 0, 103, 0, 1, 103), next);
  }

  @Test
  void aMessageInPiecesIsOneTurn() {
    socket.connect();
    socket.send(10, 11, 50);
    socket.send(12, 13, 51);
    socket.ready(20, 500);
    socket.ready(24, 500);
    socket.read(25, 1_000);
    socket.ready(28, 1_003);
    Turn turn = socket.read(29, 1_003);
    assertEquals(new Turn(false, 0, 20, 28, 25, 29, 10, 13, 2_003, 101, 3, 1_003), turn);
  }

  @Test
  void readyIsWhenTheMessageCameNotWhenItWasRead() {
    socket.accept();
    socket.ready(10, 40);
    socket.read(20, 20);
    socket.ready(30, 60);
    Turn turn = socket.read(40, 80);
    assertEquals(10, turn.readyFirst());
    assertEquals(30, turn.readyLast());
    assertEquals(2, turn.readyEvents());
    assertEquals(80, turn.receiveQueueMax());
  }

  @Test
  void readsThatTakeLittleAtATimeCountTheArrivalOnce() {
    socket.accept();
    socket.ready(10, 30);
    socket.read(11, 10);
    socket.read(12, 10);
    assertEquals(1, socket.read(13, 10).readyEvents());
  }

  @Test
  void theRequestThatWaitedBehindAnotherIsReadySinceItCame() {
    socket.accept();
    socket.ready(10, 202);
    socket.read(20, 101);
    socket.send(30, 31, 2_003);
    Turn second = socket.read(40, 101);
    assertEquals(new Turn(true, 1, 10, 10, 40, 40, 0, 0, 101, 0, 1, 101), second);
  }

  @Test
  void theNextRequestThatCameBeforeTheAnswerIsNotCountedToTheTurnAtHand() {
    socket.accept();
    socket.ready(10, 101);
    socket.read(11, 101);
    socket.ready(15, 103);
    Turn first = socket.send(20, 21, 2_003);
    assertEquals(1, first.readyEvents());
    assertEquals(10, first.readyLast());
    Turn second = socket.read(30, 103);
    assertTrue(second.ended());
    assertEquals(15, second.readyFirst());
  }
}
