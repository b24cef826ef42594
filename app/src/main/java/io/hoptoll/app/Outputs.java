package io.hoptoll.app;

import io.hoptoll.agent.SocketAgent;
import io.hoptoll.als.AlsServer;
import io.hoptoll.app.alert.Alerts;
import io.hoptoll.app.api.HttpApi;
import io.hoptoll.app.config.Config;
import io.hoptoll.app.metrics.Metrics;
import io.hoptoll.app.otlp.OtlpOutput;
import io.hoptoll.app.watch.PathState;
import io.hoptoll.app.watch.PathWatch;
import io.hoptoll.correlator.Correlator;
import io.hoptoll.store.Store;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What leaves the server beside the API: metrics, spans, alerts. */
final class Outputs implements AutoCloseable {
  private final CorrelatorLoop loop;
  private final Correlator correlator;
  private final Metrics metrics;
  private final @Nullable OtlpOutput otlp;
  private final Alerts alerts;
  private final PathWatch watch;

  /** Call before the correlator's thread starts: listeners are added to it. */
  Outputs(Config config, Correlator correlator, CorrelatorLoop loop) {
    this.loop = loop;
    this.correlator = correlator;
    otlp = OtlpOutput.of(config);
    metrics = new Metrics(config, otlp == null ? List.of() : List.of(otlp.registry()));
    List<Consumer<List<PathState>>> hearers = new ArrayList<>(List.of(metrics::paths));
    correlator.onRequest(metrics::request);
    if (otlp != null) {
      otlp.count(metrics.registry());
      hearers.add(otlp::paths);
      correlator.onRequest(otlp::request);
    }
    alerts = new Alerts(config);
    alerts.count(metrics.registry());
    hearers.add(alerts::paths);
    watch = new PathWatch(loop, config, hearers);
  }

  void start(
      AlsServer als, @Nullable SocketAgent agent, @Nullable Agents agents, @Nullable Store store) {
    metrics.sources(loop, correlator, als, agent);
    if (agents != null) {
      metrics.agents(agents::views, agents::refusals);
    }
    if (store != null) {
      metrics.store(store);
    }
    watch.start();
  }

  void routes(Router router) {
    router.get("/metrics").blockingHandler(this::scrape, false);
    router.get("/api/v1/alerts").handler(ctx -> HttpApi.send(ctx, alerts.toJson()));
  }

  @Override
  public void close() {
    watch.close();
    alerts.close();
    if (otlp != null) {
      otlp.close();
    }
    metrics.close();
  }

  private void scrape(RoutingContext ctx) {
    String accept = ctx.request().getHeader("accept");
    ctx.response()
        .putHeader("content-type", Metrics.contentType(accept))
        .end(metrics.scrape(accept));
  }
}
