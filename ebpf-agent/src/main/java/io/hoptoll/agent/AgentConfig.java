package io.hoptoll.agent;

/**
 * @param node name of the node; part of every record
 * @param ignoreSelf leave out the sockets of this very process
 */
public record AgentConfig(String node, boolean ignoreSelf) {
  public static AgentConfig forNode(String node) {
    return new AgentConfig(node, true);
  }
}
