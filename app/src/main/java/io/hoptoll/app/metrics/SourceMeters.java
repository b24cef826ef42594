package io.hoptoll.app.metrics;

import io.hoptoll.agent.AgentStats;
import io.hoptoll.agent.SocketAgent;
import io.hoptoll.als.AlsServer;
import io.hoptoll.als.AlsStats;
import io.hoptoll.als.Malformed;
import io.hoptoll.model.SidecarSpan;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;

/** What the sources took in and lost: read when someone asks. */
final class SourceMeters {
  /** Envoy flushes at least once a second; a busy proxy silent for so long is cut off. */
  private static final long SILENT_MILLIS = 60_000;

  private final Counted counted;

  SourceMeters(MeterRegistry registry) {
    this.counted = new Counted(registry);
  }

  void als(AlsServer server) {
    Recent<AlsStats> stats = new Recent<>(server::stats);
    gauge(stats, "hoptoll.als.streams", "Access log streams open", AlsStats::streamsOpen);
    gauge(stats, "hoptoll.als.proxies", "Proxies heard of", s -> s.lastEntryMillis().size());
    gauge(stats, "hoptoll.als.proxies.silent", "Proxies silent for a minute", SourceMeters::silent);
    count(stats, "hoptoll.als.streams.opened", "Access log streams opened", AlsStats::streamsTotal);
    count(stats, "hoptoll.als.messages", "Access log messages decoded", AlsStats::messages);
    count(stats, "hoptoll.als.received.bytes", "Size of the messages", AlsStats::messageBytes);
    count(stats, "hoptoll.als.tcp.entries", "Connections without requests", AlsStats::tcpEntries);
    for (SidecarSpan.Kind kind : SidecarSpan.Kind.values()) {
      counted.add(
          "hoptoll.als.entries",
          "Access log entries handed on",
          "kind",
          LegMeters.label(kind),
          () -> stats.get().entries().getOrDefault(kind, 0L));
    }
    alsLost(stats);
  }

  private void alsLost(Recent<AlsStats> stats) {
    String help = "Access log entries and messages that gave no span, by reason";
    for (Malformed reason : Malformed.values()) {
      counted.add(
          "hoptoll.als.lost",
          help,
          "reason",
          LegMeters.label(reason),
          () -> stats.get().malformed().getOrDefault(reason, 0L));
    }
    counted.add("hoptoll.als.lost", help, "reason", "sink", () -> stats.get().sinkFailures());
    count(
        stats,
        "hoptoll.als.duplicates",
        "Entries that another log of the same proxy had reported",
        AlsStats::duplicates);
  }

  void agent(SocketAgent agent) {
    Recent<AgentStats> stats = new Recent<>(agent::stats);
    gauge(stats, "hoptoll.agent.sockets", "Sockets watched", AgentStats::sockets);
    gauge(stats, "hoptoll.agent.programs", "BPF programs attached", s -> s.programs().size());
    count(stats, "hoptoll.agent.exchanges", "Exchanges decoded", AgentStats::exchanges);
    count(stats, "hoptoll.agent.connections", "Connections decoded", AgentStats::connections);
    count(
        stats, "hoptoll.agent.ring.lost", "Records that found the ring full", AgentStats::ringLost);
    agent.stats().failures().keySet().stream()
        .filter(place -> place.indexOf(' ') < 0) // "PLACE errno_N" is part of PLACE
        .forEach(
            place ->
                counted.add(
                    "hoptoll.agent.failures",
                    "Failures inside the probes, by place",
                    "place",
                    place,
                    () -> stats.get().failures().getOrDefault(place, 0L)));
  }

  private static long silent(AlsStats stats) {
    long before = System.currentTimeMillis() - SILENT_MILLIS;
    return stats.lastEntryMillis().values().stream().filter(last -> last < before).count();
  }

  private <T> void gauge(Recent<T> stats, String name, String help, ToDoubleFunction<T> value) {
    counted.gauge(name, help, () -> value.applyAsDouble(stats.get()));
  }

  private <T> void count(Recent<T> stats, String name, String help, ToDoubleFunction<T> value) {
    counted.add(name, help, () -> value.applyAsDouble(stats.get()));
  }
}
