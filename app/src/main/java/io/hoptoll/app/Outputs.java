package io.hoptoll.app;

import io.hoptoll.agent.SocketAgent;
import io.hoptoll.als.AlsServer;
import io.hoptoll.app.config.Config;
import io.hoptoll.app.metrics.Metrics;
import io.hoptoll.app.watch.PathWatch;
import io.hoptoll.correlator.Correlator;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What leaves the server beside the API: metrics. */
final class Outputs implements AutoCloseable {
  private final CorrelatorLoop loop;
  private final Correlator correlator;
  private final Metrics metrics;
  private final PathWatch watch;

  /** Call before the correlator's thread starts: listeners are added to it. */
  Outputs(Config config, Correlator correlator, CorrelatorLoop loop) {
    this.loop = loop;
    this.correlator = correlator;
    metrics = new Metrics(config, List.of());
    watch = new PathWatch(loop, config, List.of(metrics::paths));
    correlator.onRequest(metrics::request);
  }

  void start(AlsServer als, @Nullable SocketAgent agent) {
    metrics.sources(loop, correlator, als, agent);
    watch.start();
  }

  void routes(Router router) {
    router.get("/metrics").blockingHandler(this::scrape, false);
  }

  @Override
  public void close() {
    watch.close();
    metrics.close();
  }

  private void scrape(RoutingContext ctx) {
    String accept = ctx.request().getHeader("accept");
    ctx.response()
        .putHeader("content-type", Metrics.contentType(accept))
        .end(metrics.scrape(accept));
  }
}
