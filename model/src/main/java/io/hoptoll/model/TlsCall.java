package io.hoptoll.model;

import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1 request inside TLS and the status it got, as the process had them in clear.
 *
 * @param netns of the process
 * @param socketId as in {@link Exchange}; 0 where the connection's socket is not known
 * @param tuple of that socket; null where it is not known
 * @param served the process answered it, else it asked
 * @param owner the process, and the thread of the request
 * @param status 0: no answer was seen
 * @param beginNanos the request's head was read, or its write began; the node's monotonic clock
 * @param endNanos the response's head was written or read; without one, when the wait was given up
 */
public record TlsCall(
    String node,
    long netns,
    long socketId,
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
