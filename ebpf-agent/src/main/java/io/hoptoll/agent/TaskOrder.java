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
 *
 * <p>An order may come before the first look at its namespace, as sockets are seen at once and
 * processes once a second, and to an agent that just began. It waits {@link #PATIENCE} looks for a
 * process, and no longer: later it might be another pod's.
 */
final class TaskOrder {
  private static final Logger LOG = LoggerFactory.getLogger(TaskOrder.class);

  /** Namespaces asked for at once; eight tasks run. */
  static final int MOST = TaskHeads.MOST;

  /** Looks, one a second. */
  static final int PATIENCE = 5;

  private final AgentConfig config;
  private final Set<Long> own;
  private final Consumer<Map<Long, Integer>> reader;
  private Set<Long> alive = Set.of();
  private Map<Long, Integer> wanted = Map.of();
  private Map<Long, Integer> reading = Map.of();
  private boolean closed;

  /** Were read or waited for, are gone or never came, and are still asked for. */
  private final Set<Long> ended = new HashSet<>();

  /** Looks for which each namespace without a process is still waited for. */
  private final Map<Long, Integer> patience = new HashMap<>();

  /**
   * @param own network namespaces of the node and of this process
   * @param reader hears what to read from now on, all of it; must not block
   */
  TaskOrder(AgentConfig config, Set<Long> own, Consumer<Map<Long, Integer>> reader) {
    this.config = config;
    this.own = own;
    this.reader = reader;
  }

  /** Why nothing is ever read there for tasks, in words; empty: it is, as soon as it can be. */
  String refusal(long netns) {
    if (!config.tasks()) {
      return "agent.tasks is off on this node";
    }
    return own.contains(netns) && !isListed(netns)
        ? "its network namespace is the node's own, or this agent's: others use it too"
        : "";
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
    patience.keySet().retainAll(bytes.keySet());
    for (long netns : bytes.keySet()) {
      if (!wanted.containsKey(netns)) {
        String why = refusal(netns);
        if (!why.isEmpty()) {
          LOG.warn("network namespace {} is not read for tasks: {}", netns, why);
        }
        patience.put(netns, PATIENCE);
      }
    }
    wanted = Map.copyOf(bytes);
    read();
  }

  /**
   * What was seen of the node's processes.
   *
   * @param now namespaces with a process
   * @param gone since the last look, also where the number is another's by now
   */
  synchronized void look(Set<Long> now, Set<Long> gone) {
    alive = now;
    for (long netns : wanted.keySet()) {
      boolean isOver =
          gone.contains(netns)
              || !now.contains(netns)
                  && (reading.containsKey(netns) || patience.merge(netns, -1, Integer::sum) <= 0);
      if (isOver && !isListed(netns)) {
        ended.add(netns);
      }
    }
    if (!closed && !wanted.isEmpty() && !allowed().equals(reading)) {
      read();
    }
  }

  /** Namespaces asked for, whether they are read or not. */
  synchronized Set<Long> wanted() {
    return wanted.keySet();
  }

  /** Why what is wanted there is not read now, in words; empty: it is, or nothing is wanted. */
  synchronized String problem(long netns) {
    String why = wanted.containsKey(netns) ? refusal(netns) : "";
    if (!why.isEmpty() || !wanted.containsKey(netns) || reading.containsKey(netns)) {
      return why;
    }
    if (ended.contains(netns)) {
      return "its pod is gone: no process has its network namespace any more, or other ones have";
    }
    return alive.contains(netns)
        ? "more than " + MOST + " pods are asked for"
        : "no process is known in its network namespace yet";
  }

  private Map<Long, Integer> allowed() {
    Map<Long, Integer> all = new HashMap<>();
    wanted.forEach(
        (netns, n) -> {
          boolean isKnown = isListed(netns) || alive.contains(netns) && !ended.contains(netns);
          if (isKnown && refusal(netns).isEmpty() && all.size() < MOST) {
            all.put(netns, n);
          }
        });
    return all;
  }

  private void read() {
    Map<Long, Integer> now = allowed();
    reader.accept(now);
    reading = Map.copyOf(now); // not before: where the reader failed it is told again
  }

  /** Nothing reaches the reader any more. */
  synchronized void close() {
    closed = true;
  }
}
