package io.hoptoll.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hoptoll.model.Connection.End;
import io.hoptoll.model.Exchange;
import org.junit.jupiter.api.Test;

/** Every way out of a connection, by its last state, error and FINs. */
class ConnectionEndTest {
  private static final int ESTABLISHED = 1;
  private static final int SYN_SENT = 2;
  private static final int FIN_WAIT2 = 5;
  private static final int CLOSE_WAIT = 8;
  private static final int LAST_ACK = 9;

  @Test
  void notYet() {
    assertEquals(End.OPEN, ConnectionEnd.of(Exchange.OPENED, 0, 0, 0, 0, 0));
  }

  @Test
  void refusedAndTimedOutBeforeItStood() {
    assertEquals(End.NEVER_ESTABLISHED, ConnectionEnd.of(0, SYN_SENT, 111, 0, 0, 0));
    assertEquals(End.NEVER_ESTABLISHED, ConnectionEnd.of(0, SYN_SENT, 110, 0, 0, 0));
  }

  @Test
  void orderlyByWhoseFinWasFirst() {
    assertEquals(End.FIN_SENT_FIRST, ConnectionEnd.of(0, FIN_WAIT2, 0, 0, 10, 0));
    assertEquals(End.FIN_SENT_FIRST, ConnectionEnd.of(0, FIN_WAIT2, 0, 0, 10, 11));
    assertEquals(End.FIN_RECEIVED_FIRST, ConnectionEnd.of(0, LAST_ACK, 0, 0, 11, 10));
  }

  @Test
  void resetsOfEitherSide() {
    assertEquals(End.RESET_RECEIVED, ConnectionEnd.of(0, ESTABLISHED, 104, 0, 0, 0));
    assertEquals(End.RESET_RECEIVED, ConnectionEnd.of(0, CLOSE_WAIT, 32, 0, 0, 10));
    assertEquals(End.RESET_SENT, ConnectionEnd.of(0, ESTABLISHED, 0, 0, 0, 0));
    assertEquals(End.RESET_SENT, ConnectionEnd.of(0, CLOSE_WAIT, 0, 0, 0, 10));
    assertEquals(End.RESET_SENT, ConnectionEnd.of(0, FIN_WAIT2, 0, 7, 10, 0));
  }

  @Test
  void anErrorOfItsOwn() {
    assertEquals(End.FAILED, ConnectionEnd.of(0, ESTABLISHED, 110, 0, 0, 0));
  }
}
