package io.hoptoll.model;

/**
 * The head of an HTTP/1 message at one end of its connection, told as its first bytes were read or
 * written: of a request, before it is answered.
 *
 * @param socketId as in {@link Exchange}; 0 where the socket is not known
 * @param turn of the {@link Exchange} that the message belongs to
 * @param atNanos the read returned, or the send began; the node's monotonic clock
 * @param role of the socket
 * @param incoming read, else written
 * @param plaintextOfTls seen where a TLS library handed it to the app, or took it
 * @param owner who read or wrote it
 */
public record HttpMessage(
    String node,
    long netns,
    long socketId,
    int turn,
    long atNanos,
    SocketTuple tuple,
    Exchange.Role role,
    boolean incoming,
    boolean plaintextOfTls,
    Exchange.Owner owner,
    HttpHead head) {}
