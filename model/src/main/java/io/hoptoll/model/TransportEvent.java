package io.hoptoll.model;

/**
 * Something that a kernel did, or had to do, because a connection did not run smoothly. Instants as
 * in {@link Exchange}.
 *
 * @param socketId as in {@link Exchange}, or the listener's; 0: a handshake that has no socket yet
 * @param turn the socket's turn at that moment. A late retransmit may fall on the turn after the
 *     one whose segment it repeats
 * @param tgid owner of the socket, 0 where unknown
 * @param amount retransmits: segments; accept queue: SYNs and ACKs not taken since the last look;
 *     closed windows: bytes that wait
 * @param queued accept queue: connections in it at this look
 * @param limit accept queue: how many it may hold
 * @param reason resets sent: the kernel's reason (enum sk_rst_reason), empty where it gives none
 * @param seq retransmits: first TCP sequence number (unsigned)
 */
public record TransportEvent(
    String node,
    long netns,
    long socketId,
    int turn,
    long atNanos,
    SocketTuple tuple,
    Exchange.Role role,
    int tgid,
    Kind kind,
    int amount,
    int queued,
    int limit,
    String reason,
    int seq) {

  /** The order is that of the probes' enum loss_kind. */
  public enum Kind {
    /** No answer to a SYN within the timeout, 1 s at first. */
    RETRANSMIT_SYN,
    /** No ACK to a SYN-ACK, or the accept queue had no room when it came. */
    RETRANSMIT_SYN_ACK,
    /** Nothing was acknowledged for the retransmission timeout, 200 ms at least (RFC 6298). */
    RETRANSMIT_TIMEOUT,
    /** Sent again on ACKs that followed a timeout. */
    RETRANSMIT_AFTER_TIMEOUT,
    /** Found lost by later ACKs: duplicate ACKs, SACK, RACK (RFC 8985). */
    RETRANSMIT_FAST,
    /** Tail loss probe: the last segment, sent again after about two round trips (RFC 8985). */
    RETRANSMIT_PROBE,
    RESET_SENT,
    RESET_RECEIVED,
    /** A listener took no SYN or ACK, mostly because its accept queue was full. */
    ACCEPT_QUEUE,
    /** At this look the receive window was closed: the app here does not read. */
    WINDOW_CLOSED_HERE,
    /** At this look the peer's window was closed: the app there does not read. */
    WINDOW_CLOSED_THERE;

    public boolean isRetransmit() {
      return compareTo(RETRANSMIT_PROBE) <= 0;
    }
  }
}
