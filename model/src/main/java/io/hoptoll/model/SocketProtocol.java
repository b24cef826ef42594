package io.hoptoll.model;

/**
 * The protocol that a connection's first bytes show, seen from one socket.
 *
 * @param socketId as in {@link Exchange}
 * @param serverName that a TLS client asks for (SNI, RFC 6066 section 3); empty where it does not
 */
public record SocketProtocol(
    String node,
    long netns,
    long socketId,
    SocketTuple tuple,
    WireProtocol protocol,
    String serverName) {}
