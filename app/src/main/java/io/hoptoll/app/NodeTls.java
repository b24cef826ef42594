package io.hoptoll.app;

import io.hoptoll.agent.Payload;
import io.hoptoll.agent.SocketAgent;
import io.hoptoll.app.profile.PodInstance;
import io.hoptoll.app.profile.TlsReader;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * TLS read by the socket agent of this very process. Agents of other nodes are told of no tasks:
 * what they would need to hear is refused with words instead.
 */
record NodeTls(String node, @Nullable SocketAgent agent, Payload payload) implements TlsReader {
  @Override
  public String refusal(PodInstance pod) {
    if (!pod.node().equals(node)) {
      return "it is on node "
          + pod.node()
          + ", whose agent is a process apart; TLS is read only where hoptoll server itself"
          + " watches the sockets (node "
          + node
          + ")";
    }
    if (payload == Payload.OFF) {
      return "agent.payload is off on this node";
    }
    return agent == null ? "no socket agent runs in this process; hoptoll doctor says why" : "";
  }

  @Override
  public void read(Map<Long, Integer> headBytes) {
    if (agent != null) {
      agent.readTls(headBytes);
    }
  }
}
