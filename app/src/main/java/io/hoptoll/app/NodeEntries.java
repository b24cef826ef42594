package io.hoptoll.app;

import io.hoptoll.als.AlsServer;
import io.hoptoll.als.AlsStats;
import io.hoptoll.app.config.Config;
import io.hoptoll.app.config.Settings;
import io.hoptoll.correlator.JoinCounters;
import io.hoptoll.correlator.NodeJoin;
import io.hoptoll.model.Burst;
import io.hoptoll.model.ClockSample;
import io.hoptoll.model.Connection;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.HttpCall;
import io.hoptoll.model.HttpMessage;
import io.hoptoll.model.NetworkNamespace;
import io.hoptoll.model.PacketDrop;
import io.hoptoll.model.PortRewrite;
import io.hoptoll.model.ProcessSample;
import io.hoptoll.model.RunningProcess;
import io.hoptoll.model.SidecarSpan;
import io.hoptoll.model.SocketProtocol;
import io.hoptoll.model.SocketSink;
import io.hoptoll.model.SpanSink;
import io.hoptoll.model.TransportEvent;
import io.hoptoll.wire.AgentClient;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Node mode: the agent takes its sidecars' access logs and joins them with their sockets. All that
 * sockets say goes on to the server as without it, first, so that a half hop can name it. A lock
 * lets the receiver's and the probes' threads in one at a time; a look at what waits holds it for
 * as long as the probes' ring can bear.
 */
final class NodeEntries implements SpanSink, SocketSink, AutoCloseable {
  private static final long TICK_MILLIS = 50;
  private static final Logger LOG = LoggerFactory.getLogger(NodeEntries.class);

  private final SocketSink server;
  private final NodeJoin join;
  private final AlsServer als;
  private long failures;
  private final ScheduledExecutorService ticks =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "agent-join");
            thread.setDaemon(true);
            return thread;
          });

  private NodeEntries(Config config, AgentClient client) throws IOException {
    server = client.sockets();
    join = new NodeJoin(client.entries());
    als = AlsServer.start(AlsSettings.of(config, config.get(Settings.AGENT_ALS_LISTEN)), this);
    ticks.scheduleWithFixedDelay(
        () -> joining(() -> join.tick(System.nanoTime())),
        TICK_MILLIS,
        TICK_MILLIS,
        TimeUnit.MILLISECONDS);
  }

  /**
   * Listens for access logs.
   *
   * @throws IOException when it cannot
   */
  static NodeEntries start(Config config, AgentClient client) throws IOException {
    return new NodeEntries(config, client);
  }

  /** The TCP ports listened on. */
  List<Integer> ports() {
    return als.ports();
  }

  /**
   * What came and what became of it since the start, by event; those that never were are left out.
   */
  Map<String, Long> counts() {
    AlsStats s = als.stats();
    Map<String, Long> counts = new TreeMap<>();
    counts.put("als_entries", s.entriesTotal());
    counts.put("als_malformed", s.malformed().values().stream().mapToLong(n -> n).sum());
    counts.put("als_duplicates", s.duplicates());
    synchronized (this) {
      counts.put("failures", failures);
    }
    for (JoinCounters.Count c : JoinCounters.Count.values()) {
      counts.put(c.name().toLowerCase(Locale.ROOT), join.counters().get(c));
    }
    counts.values().removeIf(n -> n == 0);
    return counts;
  }

  /** A record that makes the join fail is counted; the probes' thread goes on. */
  private synchronized void joining(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      failures++;
      if (Long.bitCount(failures) == 1) {
        LOG.error("agent's join: {} records failed so far; latest", failures, e);
      }
    }
  }

  @Override
  public void span(SidecarSpan span) {
    joining(() -> join.span(span, System.nanoTime()));
  }

  @Override
  public synchronized void exchange(Exchange exchange) {
    server.exchange(exchange);
    joining(() -> join.exchange(exchange, System.nanoTime()));
  }

  @Override
  public void connection(Connection connection) {
    server.connection(connection);
    joining(() -> join.connection(connection));
  }

  @Override
  public void burst(Burst burst) {
    server.burst(burst);
    joining(() -> join.burst(burst));
  }

  @Override
  public void rewrite(PortRewrite rewrite) {
    server.rewrite(rewrite);
    joining(() -> join.rewrite(rewrite));
  }

  @Override
  public void namespace(NetworkNamespace namespace) {
    server.namespace(namespace);
    joining(() -> join.namespace(namespace));
  }

  @Override
  public void clock(ClockSample sample) {
    server.clock(sample);
    joining(() -> join.clock(sample));
  }

  @Override
  public void transport(TransportEvent event) {
    server.transport(event);
  }

  @Override
  public void drop(PacketDrop drop) {
    server.drop(drop);
  }

  @Override
  public void protocol(SocketProtocol protocol) {
    server.protocol(protocol);
  }

  @Override
  public void tlsCall(HttpCall call) {
    server.tlsCall(call);
  }

  @Override
  public void message(HttpMessage message) {
    server.message(message);
  }

  @Override
  public void process(ProcessSample sample) {
    server.process(sample);
  }

  @Override
  public void running(RunningProcess process) {
    server.running(process);
  }

  @Override
  public void lost(String node, long records) {
    server.lost(node, records);
  }

  /** No entry comes any more; those that wait go on as they are. */
  @Override
  public void close() {
    als.close();
    ticks.shutdownNow();
    joining(() -> join.close(System.nanoTime()));
  }
}
