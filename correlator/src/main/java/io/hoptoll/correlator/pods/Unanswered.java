package io.hoptoll.correlator.pods;

import io.hoptoll.model.Endpoint;

/**
 * What was said last on a socket and has no byte of answer yet, or has had none until lately.
 *
 * @param tgid who holds the socket
 * @param isClient whether it asked; else it was asked, and has read the request
 * @param isRequest whether it is one for sure: HTTP/1 in clear. Inside TLS, of HTTP/2 and of other
 *     protocols the last word may be one that nobody answers
 * @param port the server's, as this socket knows it
 * @param peer the other end, as this socket knows it
 * @param peerTgid the process at the other end in the same pod; 0: it is outside, or not known
 * @param isInside whether the other end is in the same pod, whoever has it there
 * @param ageNanos how long it has waited, or had when it was over
 * @param overNanos how long ago its connection closed without an answer, or it was answered at
 *     last; 0: it still waits
 * @param isRead of one that it asked and is over: whether the other end, in the same pod, had read
 *     it by then. Of one that still waits that end tells itself
 */
public record Unanswered(
    String node,
    int tgid,
    boolean isClient,
    boolean isRequest,
    int port,
    Endpoint peer,
    int peerTgid,
    boolean isInside,
    long ageNanos,
    long overNanos,
    boolean isRead) {

  /** One of whose other end nothing is known. */
  public Unanswered(
      String node,
      int tgid,
      boolean isClient,
      boolean isRequest,
      int port,
      Endpoint peer,
      int peerTgid,
      long ageNanos,
      long overNanos) {
    this(
        node,
        tgid,
        isClient,
        isRequest,
        port,
        peer,
        peerTgid,
        peerTgid != 0,
        ageNanos,
        overNanos,
        false);
  }

  /** How long ago it was asked, ns. */
  public long sinceNanos() {
    return ageNanos + overNanos;
  }
}
