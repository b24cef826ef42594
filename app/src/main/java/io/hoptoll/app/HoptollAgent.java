package io.hoptoll.app;

import io.hoptoll.agent.SocketAgent;
import io.hoptoll.app.config.Config;
import io.hoptoll.app.config.Settings;
import io.hoptoll.wire.AgentClient;
import io.hoptoll.wire.AgentClientConfig;
import io.hoptoll.wire.AgentClientStats;
import io.hoptoll.wire.AgentHealth;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One node's agent: sockets, processes and names of pods → the server; in node mode also its
 * sidecars' access logs, joined with the sockets.
 */
public final class HoptollAgent implements AutoCloseable {
  /** Of this program, as {@code --version} says it. */
  public static final String VERSION = "0.1.0";

  /**
   * Batches that wait for the buffer, what a server is told again, records at hand: 60 MiB; what
   * heads of HTTP/2 are read with: 40 MiB.
   */
  private static final long HEAP_BESIDE_BUFFER = 100L << 20;

  private final AgentClient client;
  private final List<String> missing = new ArrayList<>();
  private final PodSource pods;
  private final @Nullable NodeEntries entries;
  private final @Nullable SocketAgent sockets;
  private final OwnAgent own;

  private HoptollAgent(Config config) throws IOException {
    String server = config.get(Settings.AGENT_SERVER);
    if (server.isEmpty()) {
      throw new IllegalArgumentException(
          "no server to report to; give --server HOST:18091, which hoptoll server --agents"
              + " 0.0.0.0:18091 listens on");
    }
    requireRoom(config.get(Settings.AGENT_BUFFER), Runtime.getRuntime().maxMemory());
    client =
        new AgentClient(
            new AgentClientConfig(
                server,
                NodeSockets.name(config),
                OwnAgent.bootId(),
                new SecureRandom().nextLong(),
                config.get(Settings.AGENT_BUFFER),
                VERSION),
            this::health);
    pods = PodSource.start(config.get(Settings.PODS), NodeSockets.name(config), client.pods());
    boolean isSink = !config.get(Settings.AGENT_ALS_LISTEN).isEmpty();
    entries = isSink ? NodeEntries.start(config, client) : null;
    sockets =
        NodeSockets.start(config, entries == null ? client.sockets() : entries, true, missing);
    own = new OwnAgent(config, sockets);
    SocketAgent reader = sockets;
    if (reader != null) {
      client.onHeadsAsked(asked -> TaskHeads.readHere(reader, asked));
    }
    client.start();
  }

  /**
   * Starts everything; the server may come later.
   *
   * @throws IllegalArgumentException when the settings name no server, or a buffer larger than the
   *     heap
   * @throws IOException when the file of pods' names, or the node's boot id, cannot be read
   */
  public static HoptollAgent start(Config config) throws IOException {
    return new HoptollAgent(config);
  }

  /** A buffer that is found too large only when a server is away for long would end the agent. */
  static void requireRoom(long bufferBytes, long heapBytes) {
    long needed = bufferBytes + HEAP_BESIDE_BUFFER;
    if (needed > heapBytes) {
      throw new IllegalArgumentException(
          "agent.buffer of %d MiB does not fit the JVM's heap of %d MiB; set HOPTOLL_JAVA_OPTS=-Xmx%dm, or a smaller buffer"
              .formatted(bufferBytes >> 20, heapBytes >> 20, (needed >> 20) + 16));
    }
  }

  /** What does not run here, why, and how to get it; empty when all does. */
  public List<String> missing() {
    List<String> all = new ArrayList<>(missing);
    if (!pods.problem().isEmpty()) {
      all.add(pods.problem());
    }
    if (sockets != null) {
      String tls = sockets.plaintext().problem();
      if (!tls.isEmpty()) { // a process whose TLS cannot be read, such as a JVM, is no problem
        all.add("TLS of profiled pods is not read: " + tls);
      }
    }
    return all;
  }

  /** The TCP ports on which access logs are taken; none in server mode. */
  public List<Integer> alsPorts() {
    return entries == null ? List.of() : entries.ports();
  }

  public AgentClientStats stats() {
    return client.stats();
  }

  private AgentHealth health() {
    return own.health(missing(), entries == null ? Map.of() : entries.counts());
  }

  @Override
  public void close() {
    if (sockets != null) {
      sockets.close();
    }
    if (entries != null) {
      entries.close();
    }
    pods.close();
    client.close();
  }
}
