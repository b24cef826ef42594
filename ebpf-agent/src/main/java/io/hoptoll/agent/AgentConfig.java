package io.hoptoll.agent;

import java.util.Set;

/**
 * @param node name of the node; part of every record
 * @param ignoreSelf leave out the sockets of this very process
 * @param onlyNamespaces inodes of the network namespaces to watch, at most 4096; empty: all
 * @param hooks which kernel hooks the probes may use
 * @param payload what of the payload the probes may look at
 * @param headBytes of an HTTP/1 request, where payload is {@link Payload#HEADS}; at most 512
 * @param tasks heads and TLS may be read for profiling tasks
 */
public record AgentConfig(
    String node,
    boolean ignoreSelf,
    Set<Long> onlyNamespaces,
    Hooks hooks,
    Payload payload,
    int headBytes,
    boolean tasks) {
  /** As {@code hoptoll.h} has it. */
  public static final int HEAD_BYTES = 256;

  /** Entries of the probes' map {@code watched_netns}. */
  static final int MAX_NAMESPACES = 4096;

  private static final int MIN_HEAD_BYTES = 16;

  public AgentConfig {
    onlyNamespaces = Set.copyOf(onlyNamespaces);
    if (onlyNamespaces.size() > MAX_NAMESPACES) {
      throw new IllegalArgumentException(
          onlyNamespaces.size() + " network namespaces listed, at most " + MAX_NAMESPACES);
    }
    if (headBytes < MIN_HEAD_BYTES || headBytes > MessageLayout.MAX_BYTES) {
      throw new IllegalArgumentException(headBytes + " bytes of a head: 16 to 512 are possible");
    }
  }

  public AgentConfig(String node, boolean ignoreSelf, Set<Long> onlyNamespaces, Hooks hooks) {
    this(node, ignoreSelf, onlyNamespaces, hooks, Payload.PROTOCOL, HEAD_BYTES, true);
  }

  public AgentConfig(String node, boolean ignoreSelf, Set<Long> onlyNamespaces) {
    this(node, ignoreSelf, onlyNamespaces, Hooks.AUTO);
  }

  public AgentConfig(String node, boolean ignoreSelf) {
    this(node, ignoreSelf, Set.of());
  }

  boolean watches(long netns) {
    return onlyNamespaces.isEmpty() || onlyNamespaces.contains(netns);
  }

  public static AgentConfig forNode(String node) {
    return new AgentConfig(node, true);
  }

  /** The same with other hooks. */
  public AgentConfig with(Hooks other) {
    return new AgentConfig(node, ignoreSelf, onlyNamespaces, other, payload, headBytes, tasks);
  }

  /** The same with another look at payload. */
  public AgentConfig with(Payload other) {
    return new AgentConfig(node, ignoreSelf, onlyNamespaces, hooks, other, headBytes, tasks);
  }

  /** The same with so much of a request's head. */
  public AgentConfig withHeadBytes(int bytes) {
    return new AgentConfig(node, ignoreSelf, onlyNamespaces, hooks, payload, bytes, tasks);
  }

  /** The same, which reads for tasks or does not. */
  public AgentConfig withTasks(boolean on) {
    return new AgentConfig(node, ignoreSelf, onlyNamespaces, hooks, payload, headBytes, on);
  }
}
