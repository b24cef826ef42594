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
    int error) {}
