package io.hoptoll.model;

/**
 * A connection inside a pod whose source port NAT replaced, as the kernel's connection tracking has
 * it: two of the pod's connections from one port would have been the same behind REDIRECT.
 *
 * @param socketId of the accepted socket, as in {@link Exchange}
 * @param accepted the connection as that socket names it
 * @param original as the connecting socket names it: its own port, and whom it called
 */
public record PortRewrite(
    String node, long netns, long socketId, SocketTuple accepted, SocketTuple original) {}
