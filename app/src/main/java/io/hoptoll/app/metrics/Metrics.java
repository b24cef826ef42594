package io.hoptoll.app.metrics;

import io.hoptoll.agent.SocketAgent;
import io.hoptoll.als.AlsServer;
import io.hoptoll.app.CorrelatorLoop;
import io.hoptoll.app.config.Config;
import io.hoptoll.app.config.Settings;
import io.hoptoll.app.watch.PathState;
import io.hoptoll.correlator.Correlator;
import io.hoptoll.correlator.FinishedRequest;
import io.hoptoll.store.Store;
import io.hoptoll.wire.AgentView;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** All meters of a server, in one registry that Prometheus and other outputs read. */
public final class Metrics implements AutoCloseable {
  private final PrometheusMeterRegistry prometheus =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  /** Prometheus' own where it is the only one. */
  private final MeterRegistry registry;

  private final RequestMeters requests;
  private final LegMeters legs;
  private final VerdictMeters verdicts;
  private volatile @Nullable AgentMeters agentMeters;

  /**
   * @param more registries that get every meter too
   */
  public Metrics(Config config, List<MeterRegistry> more) {
    registry = more.isEmpty() ? prometheus : all(prometheus, more);
    PrometheusRegistry own = prometheus.getPrometheusRegistry();
    MeterRegistry others = more.isEmpty() ? null : all(more.get(0), more.subList(1, more.size()));
    requests = new RequestMeters(registry, own, others, config.get(Settings.METRICS_PATHS));
    legs = new LegMeters(registry, own, others, config.get(Settings.METRICS_EDGES));
    verdicts = new VerdictMeters(registry);
    OwnCost.register(registry);
  }

  private static MeterRegistry all(MeterRegistry first, List<MeterRegistry> more) {
    CompositeMeterRegistry all = new CompositeMeterRegistry();
    all.add(first);
    more.forEach(all::add);
    return all;
  }

  /** Where other parts register meters of their own. */
  public MeterRegistry registry() {
    return registry;
  }

  /** Counters of every part, read when someone asks. */
  public void sources(
      CorrelatorLoop loop, Correlator correlator, AlsServer als, @Nullable SocketAgent agent) {
    JoinMeters.register(registry, loop, correlator);
    SourceMeters sources = new SourceMeters(registry);
    sources.als(als);
    if (agent != null) {
      sources.agent(agent);
    }
  }

  /** Of agents on other nodes. */
  public void agents(Supplier<List<AgentView>> agents, Supplier<Number> refusals) {
    agentMeters = new AgentMeters(registry, agents, refusals);
  }

  public void store(Store store) {
    StoreMeters.register(registry, store);
  }

  /** On the correlator's thread. */
  public void request(FinishedRequest request) {
    requests.request(request);
    legs.hops(request.root());
  }

  /** On the watch's thread. */
  public void paths(List<PathState> states) {
    verdicts.show(states);
    lookAtAgents();
  }

  /**
   * What Prometheus scrapes.
   *
   * @param accept the scraper's Accept header; null: text format 0.0.4
   */
  public String scrape(@Nullable String accept) {
    lookAtAgents();
    return prometheus.scrape(contentType(accept));
  }

  private void lookAtAgents() {
    AgentMeters meters = agentMeters;
    if (meters != null) {
      meters.look();
    }
  }

  /** The format that {@link #scrape} answers with. */
  public static String contentType(@Nullable String accept) {
    return accept != null && accept.contains("application/openmetrics-text")
        ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
        : "text/plain; version=0.0.4; charset=utf-8";
  }

  @Override
  public void close() {
    registry.close();
    prometheus.close();
  }
}
