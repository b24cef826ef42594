package io.hoptoll.app;

import io.hoptoll.agent.AgentConfig;
import io.hoptoll.agent.AgentException;
import io.hoptoll.agent.SocketAgent;
import io.hoptoll.app.config.Config;
import io.hoptoll.app.config.Settings;
import io.hoptoll.model.SocketSink;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The socket agent of the node that this process runs on, as the settings say. */
final class NodeSockets {
  private static final Logger LOG = LoggerFactory.getLogger(NodeSockets.class);

  private NodeSockets() {}

  /** The node's name: as set, else the host's. */
  static String name(Config config) {
    String node = config.get(Settings.NODE);
    try {
      return node.isEmpty() ? InetAddress.getLocalHost().getHostName() : node;
    } catch (UnknownHostException e) {
      throw new IllegalStateException("this host has no name that resolves; set node", e);
    }
  }

  /**
   * Starts it, or says in {@code missing} what it lacks.
   *
   * @param alone no other process watches sockets for this one: without them words are due
   */
  static @Nullable SocketAgent start(
      Config config, SocketSink out, boolean alone, List<String> missing) {
    if (!config.get(Settings.BPF)) {
      if (alone) {
        missing.add(
            "socket agent switched off (--no-bpf): app, sidecar queues and transport cannot be told"
                + " apart");
      }
      return null;
    }
    var readiness = SocketAgent.check(config.get(Settings.HOOKS));
    if (!readiness.ready()) {
      missing.addAll(readiness.missing());
      return null;
    }
    try {
      SocketAgent agent =
          SocketAgent.start(
              AgentConfig.forNode(name(config))
                  .with(config.get(Settings.HOOKS))
                  .with(config.get(Settings.PAYLOAD))
                  .withHeadBytes(config.get(Settings.HEAD_BYTES))
                  .withTasks(config.get(Settings.TASKS)),
              out);
      missing.addAll(agent.missing());
      return agent;
    } catch (AgentException e) {
      LOG.warn("socket agent not started", e);
      missing.add("socket agent: " + e.getMessage());
      return null;
    }
  }
}
