package io.hoptoll.model;

/**
 * A TCP connection at its end (or at the end of the attempt: never established). Instants as in
 * {@link Exchange}.
 *
 * <p>A CONNECT one is reported twice: with {@link Exchange#OPENED} as soon as it is established,
 * when {@code closeNanos} is {@link Nanos#UNSET}, and again, without the flag, at its end.
 *
 * @param turns exchanges it carried
 * @param error {@code sk_err} at close: 0, or an errno such as ECONNREFUSED (111), ETIMEDOUT (110)
 * @param life what else its kernel knows of it; of an {@link End#OPEN} one, so far
 */
public record Connection(
    String node,
    long netns,
    long socketId,
    SocketTuple tuple,
    Exchange.Role role,
    int flags,
    Exchange.Owner owner,
    Exchange.Opening opening,
    long closeNanos,
    int turns,
    int error,
    Life life) {

  /** How it ended, seen from this socket. */
  public enum End {
    OPEN,
    /** Refused, timed out or given up before it was established. */
    NEVER_ESTABLISHED,
    /** Orderly; this side closed first. */
    FIN_SENT_FIRST,
    /** Orderly; the peer closed first. */
    FIN_RECEIVED_FIRST,
    /** This side aborted it: closed with data unread, or with a linger time of zero. */
    RESET_SENT,
    RESET_RECEIVED,
    /** By an error of its own, such as ETIMEDOUT after unanswered retransmits. */
    FAILED
  }

  /**
   * @param inode of the socket's file, as in {@code /proc/PID/fd}; 0 while no operation was seen
   * @param firstByteNanos first data ready
   * @param finSentNanos this side closed or shut down
   * @param finAckedNanos the peer's kernel has this side's FIN
   * @param finReceivedNanos the peer's FIN came while this side was still open, or at the same time
   * @param bytesReceived in order, from the peer, in sequence numbers: its FIN may count as one
   * @param bytesAcked by the peer, in sequence numbers: SYN and FIN count as one each
   * @param unreadBytes thrown away by {@code close()}, which sends a reset then
   * @param retransmits segments sent again, SYNs too
   */
  public record Life(
      long inode,
      long firstByteNanos,
      long finSentNanos,
      long finAckedNanos,
      long finReceivedNanos,
      End end,
      long bytesReceived,
      long bytesAcked,
      int unreadBytes,
      int retransmits,
      Rtt rtt) {}

  /**
   * Round trips as TCP measured them, µs; 0: none measured.
   *
   * @param minMicros least of the last minutes: the wire
   * @param lastMicros the latest segment from (re)transmission to ACK: delayed ACKs included
   * @param smoothedMicros {@code srtt}: includes think time on request/response traffic
   */
  public record Rtt(int minMicros, int lastMicros, int smoothedMicros) {}

  /**
   * How long closing took: from the first FIN of either side to the end. {@link Nanos#UNSET} where
   * there was none.
   */
  public long closingNanos() {
    long sent = life.finSentNanos();
    long received = life.finReceivedNanos();
    long first =
        Nanos.isSet(sent) && Nanos.isSet(received)
            ? Math.min(sent, received)
            : Math.max(sent, received);
    return Nanos.isSet(closeNanos) && Nanos.isSet(first) ? closeNanos - first : Nanos.UNSET;
  }

  /** From the connection standing to the first socket operation on it: the accept queue's wait. */
  public long acceptWaitNanos() {
    long established = opening.establishedNanos();
    boolean known = Nanos.isSet(established) && Nanos.isSet(opening.firstUseNanos());
    return role == Exchange.Role.ACCEPT && known
        ? opening.firstUseNanos() - established
        : Nanos.UNSET;
  }
}
