package io.hoptoll.app.metrics;

import io.hoptoll.wire.AgentView;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** How agents on other nodes fare. A node's series begin when it is first heard, and stay. */
final class AgentMeters {
  private final MeterRegistry registry;
  private final Recent<List<AgentView>> agents;
  private final Set<String> nodes = new HashSet<>();
  private final Set<String> causes = new HashSet<>();
  private final Set<String> events = new HashSet<>();

  AgentMeters(MeterRegistry registry, Supplier<List<AgentView>> agents, Supplier<Number> refusals) {
    this.registry = registry;
    this.agents = new Recent<>(agents);
    new Counted(registry)
        .add("hoptoll.agents.refused", "Agents of nodes that have another one", refusals);
    new Counted(registry)
        .gauge(
            "hoptoll.agents.connected",
            "Agents on other nodes that are connected",
            () -> this.agents.get().stream().filter(AgentView::connected).count());
  }

  /** Gives nodes that are new their series. */
  synchronized void look() {
    for (AgentView a : agents.get()) {
      if (nodes.add(a.node())) {
        begin(a.node());
      }
      for (String cause : a.shed().keySet()) {
        if (causes.add(a.node() + " " + cause)) {
          count(
              "hoptoll.agents.shed",
              "Records that an agent gave up, by cause",
              Tags.of("node", a.node(), "cause", cause),
              v -> v.shed().getOrDefault(cause, 0L));
        }
      }
      for (String event : a.probes().entries().keySet()) {
        if (events.add(a.node() + " " + event)) {
          count(
              "hoptoll.agents.entries",
              "Node mode: access log entries at an agent and what became of them, by event",
              Tags.of("node", a.node(), "event", event),
              v -> v.probes().entries().getOrDefault(event, 0L));
        }
      }
    }
  }

  private void begin(String node) {
    gauge("up", "Whether the node's agent is connected", node, v -> v.connected() ? 1 : 0);
    gauge("lag.seconds", "Age of the oldest record not here yet", node, v -> v.lagNanos() / 1e9);
    gauge(
        "clock.offset.seconds",
        "The node's wall clock − this server's",
        node,
        v -> v.clockOffsetNanos() / 1e9);
    gauge("buffered.bytes", "Waiting at the agent", node, AgentView::bufferedBytes);
    Tags tags = Tags.of("node", node);
    count("hoptoll.agents.records", "Records handed on", tags, AgentView::records);
    count("hoptoll.agents.duplicates", "Batches that came again", tags, AgentView::duplicates);
    count("hoptoll.agents.malformed", "Batches that could not be read", tags, AgentView::malformed);
    count(
        "hoptoll.agents.ring.lost",
        "Records that found the node's ring full",
        tags,
        v -> v.probes().ringLost());
  }

  private void gauge(String name, String help, String node, ToDoubleFunction<AgentView> value) {
    Gauge.builder("hoptoll.agents." + name, () -> of(node, value))
        .description(help)
        .tags("node", node)
        .register(registry);
  }

  private void count(String name, String help, Tags tags, ToDoubleFunction<AgentView> value) {
    String node =
        tags.stream().filter(t -> t.getKey().equals("node")).findFirst().orElseThrow().getValue();
    FunctionCounter.builder(name, this, unused -> of(node, value))
        .description(help)
        .tags(tags)
        .register(registry);
  }

  private double of(String node, ToDoubleFunction<AgentView> value) {
    AgentView found = find(node);
    return found == null ? 0 : value.applyAsDouble(found);
  }

  private @Nullable AgentView find(String node) {
    return agents.get().stream().filter(a -> a.node().equals(node)).findFirst().orElse(null);
  }
}
