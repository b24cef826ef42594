package io.hoptoll.app;

import io.hoptoll.agent.Payload;
import io.hoptoll.agent.SocketAgent;
import io.hoptoll.app.profile.HeadReader;
import io.hoptoll.app.profile.PodInstance;
import io.hoptoll.model.HeadsAsked;
import io.hoptoll.model.TaskReading;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Heads read for tasks: by the socket agent of this very process, and by the agents of other nodes.
 *
 * @param node whose sockets this process watches itself
 * @param agent of this process; null: none runs
 * @param agents of other nodes; null: none is listened for
 */
record TaskHeads(String node, @Nullable SocketAgent agent, Payload payload, @Nullable Agents agents)
    implements HeadReader {
  private static final String UNTOLD =
      "its agent has not said that it reads it (one of an older version never says)";

  @Override
  public String refusal(PodInstance pod, HeadsAsked asked) {
    boolean isHere = pod.node().equals(node);
    if (pod.isNode()) {
      return "its network is the node's own (hostNetwork): others use it too";
    }
    if (isHere && agent != null) {
      return payload == Payload.OFF
          ? "agent.payload is off on this node"
          : agent.taskRefusal(pod.netns());
    }
    if (agents != null && (!isHere || agents.know(node))) {
      return agents.headsRefusal(pod.node());
    }
    return isHere
        ? "no socket agent runs in this process; hoptoll doctor says why"
        : "it is on node " + pod.node() + ", and no agents are listened for (agents.listen)";
  }

  @Override
  public void read(Map<String, Map<Long, HeadsAsked>> asked) {
    if (agent != null) {
      readHere(agent, asked.getOrDefault(node, Map.of()));
    }
    if (agents != null) {
      agents.readHeads(asked);
    }
  }

  @Override
  public TaskReading reading(PodInstance pod) {
    SocketAgent here = pod.node().equals(node) ? agent : null;
    List<TaskReading> told = here != null ? here.taskReadings() : remote(pod.node());
    String refusal = here != null || agents == null ? "" : agents.headsRefusal(pod.node());
    return told.stream()
        .filter(r -> r.netns() == pod.netns() && refusal.isEmpty())
        .findFirst()
        .orElseGet(() -> TaskReading.none(pod.netns(), refusal.isEmpty() ? UNTOLD : refusal));
  }

  private List<TaskReading> remote(String of) {
    return agents == null ? List.of() : agents.readings(of);
  }

  /** What an agent does with what is asked of its node. */
  static void readHere(SocketAgent agent, Map<Long, HeadsAsked> asked) {
    Map<Long, Integer> clear = new HashMap<>();
    Map<Long, Integer> tls = new HashMap<>();
    asked.forEach(
        (netns, heads) -> {
          if (heads.clearBytes() > 0) {
            clear.put(netns, heads.clearBytes());
          }
          if (heads.tlsBytes() > 0) {
            tls.put(netns, heads.tlsBytes());
          }
        });
    try {
      agent.readHeads(clear);
    } finally {
      agent.readTls(tls); // also where that failed: it may be to read no more
    }
  }
}
