package io.hoptoll.model;

/**
 * The head of an HTTP message at one end of its connection, told as its first bytes were read or
 * written: of a request, before it is answered. Of HTTP/1 in clear requests alone (the status is
 * with the {@link Exchange}), of HTTP/2 answers too.
 *
 * @param socketId as in {@link Exchange}; 0 where the socket is not known
 * @param turn of the {@link Exchange} that the message belongs to
 * @param atNanos the read returned, or the send began; the node's monotonic clock
 * @param role of the socket
 * @param incoming read, else written
 * @param plaintextOfTls seen where a TLS library handed it to the app, or took it
 * @param owner who read or wrote it
 * @param stream of HTTP/2; 0: HTTP/1. {@link #ALL_STREAMS}: no more is known of this connection's
 * @param concludes HTTP/2: nothing more changes the status, which gRPC tells in trailers; an answer
 *     of status 0: the stream was reset
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
    HttpHead head,
    int stream,
    boolean concludes) {
  /** Heads of this connection cannot be read from here on: what hangs is not known. */
  public static final int ALL_STREAMS = -1;
}
