package io.hoptoll.app;

import io.hoptoll.app.config.Config;
import io.hoptoll.app.config.Settings;
import io.hoptoll.model.HeadsAsked;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.TaskReading;
import io.hoptoll.wire.AgentServer;
import io.hoptoll.wire.AgentView;
import io.hoptoll.wire.Outlet;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Agents of other nodes: their records go to the correlator, their health to who asks. */
final class Agents implements AutoCloseable {
  /** A pod's entries and the sockets of its peer are matched within as much. */
  private static final long CLOCK_SLACK_NANOS = 100 * Nanos.PER_MILLI;

  private static final long SILENT_MILLIS = 15_000;

  private final AgentServer server;

  /** This process watches no node itself. */
  private final boolean isAlone;

  private Agents(AgentServer server, boolean isAlone) {
    this.server = server;
    this.isAlone = isAlone;
  }

  /**
   * Listens, if the settings say where.
   *
   * @param ownNode watched by this process; empty: none
   * @throws IOException when the port cannot be listened on
   */
  static @Nullable Agents start(Config config, String ownNode, CorrelatorLoop loop)
      throws IOException {
    String listen = config.get(Settings.AGENTS_LISTEN);
    if (listen.isEmpty()) {
      return null;
    }
    URI address = URI.create("tcp://" + listen);
    String host = Objects.requireNonNull(address.getHost()).replaceAll("[\\[\\]]", "");
    return new Agents(
        AgentServer.start(
            new InetSocketAddress(host, address.getPort()),
            ownNode,
            new Outlet(loop, loop, new ReportedEntries(loop), loop::hasRoom)),
        ownNode.isEmpty());
  }

  int port() {
    return server.port();
  }

  List<AgentView> views() {
    return server.agents();
  }

  /** Why the heads of this node's pods cannot be read for tasks, in words; empty: they can. */
  String headsRefusal(String node) {
    for (AgentView a : views()) {
      if (a.node().equals(node)) {
        return headsRefusal(a);
      }
    }
    return "node " + node + " has no agent that reports here";
  }

  private static String headsRefusal(AgentView a) {
    if (!a.connected()) {
      return "the agent of " + a.node() + " is not connected";
    }
    if (!a.probes().running()) {
      return "the agent of " + a.node() + " has no probes: see its problems in /healthz";
    }
    if (!a.probes().tasks()) {
      return "agent.tasks is off on node " + a.node();
    }
    return switch (a.probes().payload()) {
      case "" -> "the agent of " + a.node() + " is older than such tasks; update it";
      case "off" -> "agent.payload is off on node " + a.node();
      default -> "";
    };
  }

  /** How far what was asked of this node's agent is read, as it said last. */
  List<TaskReading> readings(String node) {
    return views().stream()
        .filter(a -> a.node().equals(node))
        .flatMap(a -> a.probes().reading().stream())
        .toList();
  }

  /** By node and network namespace; exactly these from now on. */
  void readHeads(Map<String, Map<Long, HeadsAsked>> asked) {
    server.readHeads(asked);
  }

  /** Whether an agent of this node has ever reported. */
  boolean know(String node) {
    return views().stream().anyMatch(a -> a.node().equals(node));
  }

  long refusals() {
    return server.refusals();
  }

  /** What the agents lack, and which of them are silent, in words. */
  List<String> problems() {
    List<String> all = new ArrayList<>();
    if (isAlone && views().isEmpty()) {
      all.add(
          "agents: none has reported yet, so no sockets are seen; run hoptoll agent --server"
              + " HOST:%d on each node".formatted(port()));
    }
    for (AgentView a : views()) {
      a.probes().missing().forEach(m -> all.add("agent of " + a.node() + ": " + m));
      long silent = System.currentTimeMillis() - a.heardMillis();
      if (silent > SILENT_MILLIS) {
        all.add(
            "agent of %s: silent for %d s, sockets of that node are not seen; look at its log"
                .formatted(a.node(), silent / 1_000));
      }
      if (Math.abs(a.clockOffsetNanos()) - a.clockBoundNanos() > CLOCK_SLACK_NANOS) {
        all.add(
            "clock of %s: %d ms from this server's; let NTP keep both"
                .formatted(a.node(), a.clockOffsetNanos() / Nanos.PER_MILLI));
      }
    }
    return all;
  }

  @Override
  public void close() {
    server.close();
  }
}
