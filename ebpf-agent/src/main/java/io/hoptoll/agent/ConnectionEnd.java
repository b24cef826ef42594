package io.hoptoll.agent;

import io.hoptoll.model.Connection.End;
import io.hoptoll.model.Exchange;

/** How a connection ended, from its last TCP state, its error and its FINs. */
final class ConnectionEnd {
  // include/net/tcp_states.h, include/uapi/asm-generic/errno.h
  private static final int SYN_SENT = 2;
  private static final int SYN_RECV = 3;
  private static final int EPIPE = 32;
  private static final int ECONNRESET = 104;

  private ConnectionEnd() {}

  /**
   * @param lastState TCP state before CLOSE
   * @param error {@code sk_err}
   * @param unread bytes thrown away by close()
   * @param finSent when, 0: never
   * @param finReceived when, 0: never
   */
  static End of(int flags, int lastState, int error, int unread, long finSent, long finReceived) {
    if ((flags & Exchange.OPENED) != 0) {
      return End.OPEN;
    }
    if (lastState == SYN_SENT || lastState == SYN_RECV) {
      return End.NEVER_ESTABLISHED;
    }
    if (error == ECONNRESET || error == EPIPE) {
      return End.RESET_RECEIVED;
    }
    if (error != 0) {
      return End.FAILED;
    }
    if (unread > 0 || finSent == 0) { // no FIN, no error: a linger time of zero, or disconnect()
      return End.RESET_SENT;
    }
    return finReceived == 0 || finSent < finReceived ? End.FIN_SENT_FIRST : End.FIN_RECEIVED_FIRST;
  }
}
