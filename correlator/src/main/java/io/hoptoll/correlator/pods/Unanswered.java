package io.hoptoll.correlator.pods;

import io.hoptoll.model.Endpoint;

/**
 * A request on a socket that no byte has answered yet. Of HTTP/2 there are none: its streams are
 * not turns.
 *
 * @param tgid who holds the socket
 * @param isClient whether it asked; else it was asked, and has read the request
 * @param port the server's, as this socket knows it
 * @param peer the other end, as this socket knows it
 * @param peerTgid the process at the other end in the same pod; 0: it is outside, or not known
 */
public record Unanswered(
    String node,
    int tgid,
    boolean isClient,
    int port,
    Endpoint peer,
    int peerTgid,
    long ageNanos) {}
