package io.hoptoll.agent;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What tasks want read of which network namespaces, carried out as far as it is allowed, whoever
 * asks: not of the node's own or the agent's, only where processes are known, and never of a pod
 * that got the number of one that is gone: such an order has to be taken back first.
 */
final class TaskOrder {
  private static final Logger LOG = LoggerFactory.getLogger(TaskOrder.class);

  /** Namespaces asked for at once; eight tasks run. */
  static final int MOST = TaskHeads.MOST;

  private final AgentConfig config;
  private final Set<Long> own;
  private final Consumer<Map<Long, Integer>> reader;
  private Set<Long> alive = Set.of();
  private Map<Long, Integer> reading = Map.of();
  private boolean closed;

  /** Were read, are gone, and are still asked for. */
  private final Set<Long> ended = new HashSet<>();

  /**
   * @param own network namespaces of the node and of this process
   * @param reader hears what to read from now on, all of it; must not block
   */
  TaskOrder(AgentConfig config, Set<Long> own, Consumer<Map<Long, Integer>> reader) {
    this.config = config;
    this.own = own;
    this.reader = reader;
  }

  /** Why nothing is read there for tasks, in words; empty: it is. */
  synchronized String refusal(long netns) {
    if (!config.tasks()) {
      return "agent.tasks is off on this node";
    }
    if (isListed(netns)) {
      return "";
    }
    if (own.contains(netns)) {
      return "its network namespace is the node's own, or this agent's: others use it too";
    }
    return alive.contains(netns) ? "" : "no process is known in its network namespace";
  }

  /** Who started the agent named it. */
  private boolean isListed(long netns) {
    return config.onlyNamespaces().contains(netns);
  }

  /**
   * From now on exactly these.
   *
   * @param bytes of each message, by namespace
   */
  synchronized void want(Map<Long, Integer> bytes) {
    if (closed) {
      return;
    }
    ended.retainAll(bytes.keySet());
    Map<Long, Integer> allowed = new HashMap<>();
    bytes.forEach(
        (netns, n) -> {
          String why = ended.contains(netns) ? "its pod is gone" : refusal(netns);
          if (why.isEmpty() && allowed.size() < MOST) {
            allowed.put(netns, n);
          } else if (!why.isEmpty()) {
            LOG.warn("network namespace {} is not read for tasks: {}", netns, why);
          }
        });
    read(allowed);
  }

  /**
   * What was seen of the node's processes.
   *
   * @param now namespaces with a process
   * @param gone since the last look, also where the number is another's by now
   */
  synchronized void look(Set<Long> now, Set<Long> gone) {
    alive = now;
    Map<Long, Integer> left = new HashMap<>(reading);
    left.keySet().removeIf(n -> !isListed(n) && (gone.contains(n) || !now.contains(n)));
    if (!closed && left.size() < reading.size()) {
      ended.addAll(reading.keySet());
      ended.removeAll(left.keySet());
      read(left);
    }
  }

  private void read(Map<Long, Integer> bytes) {
    reader.accept(bytes);
    reading = Map.copyOf(bytes);
  }

  /** Nothing reaches the reader any more. */
  synchronized void close() {
    closed = true;
  }
}
