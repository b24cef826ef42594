package io.hoptoll.app;

import io.hoptoll.agent.AgentConfig;
import io.hoptoll.agent.AgentException;
import io.hoptoll.agent.SocketAgent;
import io.hoptoll.als.AlsConfig;
import io.hoptoll.als.AlsServer;
import io.hoptoll.app.api.HttpApi;
import io.hoptoll.correlator.Correlator;
import io.hoptoll.correlator.Sensitivity;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All parts in one process: ALS receiver and socket agent → correlator → API. Each part that cannot
 * run here is left out with words; the rest works.
 */
public final class HoptollServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HoptollServer.class);

  private final CorrelatorLoop loop;
  private final AlsServer als;
  private final @Nullable SocketAgent agent;
  private final List<String> missing;
  private final Vertx vertx;
  private final HttpServer http;

  private HoptollServer(ServerConfig config) throws IOException {
    Correlator correlator = new Correlator(Sensitivity.DEFAULT);
    loop = new CorrelatorLoop(correlator);
    loop.start();
    missing = new ArrayList<>();
    agent = startAgent(config, loop, missing);
    als = AlsServer.start(AlsConfig.listeningOn(config.alsListen()), loop);
    vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    HealthReport health = new HealthReport(loop, correlator, als, agent, missing);
    http =
        await(
            new HttpApi(loop, health::report).listen(vertx, config.httpHost(), config.httpPort()));
    LOG.info("API on {}", url());
  }

  /**
   * Starts everything.
   *
   * @throws IOException when a port or socket cannot be listened on
   */
  public static HoptollServer start(ServerConfig config) throws IOException {
    return new HoptollServer(config);
  }

  /** Base URL of the API. */
  public String url() {
    return "http://127.0.0.1:" + http.actualPort();
  }

  /** What does not run here, why, and how to get it; empty when all does. */
  public List<String> missing() {
    return List.copyOf(missing);
  }

  /** The correlator's thread: for questions, and for sources other than the built-in ones. */
  public CorrelatorLoop correlator() {
    return loop;
  }

  @Override
  public void close() {
    if (agent != null) {
      agent.close();
    }
    als.close();
    await(vertx.close());
    loop.close();
  }

  private static @Nullable SocketAgent startAgent(
      ServerConfig config, CorrelatorLoop loop, List<String> missing) {
    if (!config.bpf()) {
      missing.add(
          "socket agent switched off (--no-bpf): app, sidecar queues and transport cannot be told"
              + " apart");
      return null;
    }
    var readiness = SocketAgent.check();
    if (!readiness.ready()) {
      missing.addAll(readiness.missing());
      return null;
    }
    try {
      return SocketAgent.start(AgentConfig.forNode(config.node()), loop);
    } catch (AgentException e) {
      LOG.warn("socket agent not started", e);
      missing.add("socket agent: " + e.getMessage());
      return null;
    }
  }

  private static <T> T await(io.vertx.core.Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
      throw new IllegalStateException("HTTP server: " + e.getMessage(), e);
    }
  }
}
