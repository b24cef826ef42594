package io.hoptoll.wire;

/**
 * @param server {@code host:port} of the server's agents port
 * @param node name of this node: every record's
 * @param bootId of this boot of it
 * @param epoch of this agent: differs from that of any earlier one of the node
 * @param bufferBytes what waits for the server at most
 * @param version of this program
 */
public record AgentClientConfig(
    String server, String node, String bootId, long epoch, long bufferBytes, String version) {}
