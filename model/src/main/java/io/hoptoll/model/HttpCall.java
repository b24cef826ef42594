package io.hoptoll.model;

import org.jspecify.annotations.Nullable;

/**
 * An HTTP request and the status it got, as one process asked or answered it: on its own socket in
 * clear, or inside TLS, where its TLS library had them in clear. No access log is asked.
 *
 * @param plaintextOfTls seen where a TLS library handed it to the app, or took it
 * @param netns of the process
 * @param socketId as in {@link Exchange}; 0 where the connection's socket is not known
 * @param turn of the {@link Exchange} in clear that it is, of HTTP/1; else -1
 * @param tuple of that socket; null where it is not known
 * @param served the process answered it, else it asked
 * @param owner the process, and the thread of the request
 * @param status 0: no answer was seen; below 100: gRPC's, where that is not 0
 * @param beginNanos the request's head was read, or its write began; the node's monotonic clock
 * @param endNanos the answer's head was written or read; without one, when the wait was given up
 */
public record HttpCall(
    boolean plaintextOfTls,
    String node,
    long netns,
    long socketId,
    int turn,
    @Nullable SocketTuple tuple,
    boolean served,
    Exchange.Owner owner,
    HttpHead request,
    int status,
    long beginNanos,
    long endNanos) {
  public long nanos() {
    return endNanos - beginNanos;
  }
}
