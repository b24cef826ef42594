package io.hoptoll.app;

import io.hoptoll.agent.AgentStats;
import io.hoptoll.agent.PlaintextStats;
import io.hoptoll.agent.SocketAgent;
import io.hoptoll.app.config.Config;
import io.hoptoll.app.config.Settings;
import io.hoptoll.wire.AgentHealth;
import io.hoptoll.wire.AgentView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The socket agent that runs in this process, told as agents tell of themselves. */
final class OwnAgent {
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  private final String node;
  private final String bootId;
  private final String payload;
  private final boolean tasks;
  private final @Nullable SocketAgent sockets;

  /**
   * @param sockets null: it could not be started
   */
  OwnAgent(Config config, @Nullable SocketAgent sockets) {
    this.node = NodeSockets.name(config);
    this.bootId = bootIdIfReadable();
    this.payload = config.get(Settings.PAYLOAD).name().toLowerCase(Locale.ROOT);
    this.tasks = config.get(Settings.TASKS);
    this.sockets = sockets;
  }

  /** Here it is only shown. */
  private static String bootIdIfReadable() {
    try {
      return bootId();
    } catch (IOException e) {
      return "";
    }
  }

  static String bootId() throws IOException {
    return Files.readString(BOOT_ID).strip();
  }

  String node() {
    return node;
  }

  /**
   * @param missing what it runs without, in words
   * @param entries of access logs that it took, and what became of them, by event
   */
  AgentHealth health(List<String> missing, Map<String, Long> entries) {
    SocketAgent agent = sockets;
    AgentStats s = agent == null ? null : agent.stats();
    return agent == null || s == null
        ? new AgentHealth(
            false, "", payload, tasks, 0, 0, 0, 0, missing, Map.of(), List.of(), entries)
        : new AgentHealth(
            true,
            s.hooks(),
            payload,
            tasks,
            s.exchanges(),
            s.connections(),
            s.ringLost(),
            s.sockets(),
            missing,
            failures(s, agent.plaintext()),
            agent.taskReadings(),
            entries);
  }

  /**
   * Nothing lies between: its clock is the server's, its records are here at once, none waits and
   * none is given up on the way. Those that the kernel had no room for are in its health.
   */
  AgentView view(List<String> missing) {
    AgentHealth health = health(missing, Map.of());
    return new AgentView(
        node,
        health.running(),
        "",
        HoptollAgent.VERSION,
        bootId,
        "",
        System.currentTimeMillis(),
        0,
        0,
        0,
        0,
        0,
        health.exchanges() + health.connections(),
        0,
        0,
        0,
        Map.of(),
        0,
        0,
        health);
  }

  private static Map<String, Long> failures(AgentStats sockets, PlaintextStats tls) {
    Map<String, Long> all = new HashMap<>(sockets.failures());
    tls.failures().forEach((place, n) -> all.put("tls_" + place, n));
    return all;
  }
}
