package io.hoptoll.app;

import io.hoptoll.agent.AgentConfig;
import io.hoptoll.agent.AgentException;
import io.hoptoll.agent.SocketAgent;
import io.hoptoll.als.AlsConfig;
import io.hoptoll.als.AlsServer;
import io.hoptoll.app.api.HttpApi;
import io.hoptoll.app.config.Config;
import io.hoptoll.app.config.Settings;
import io.hoptoll.app.profile.Tasks;
import io.hoptoll.correlator.Correlator;
import io.hoptoll.correlator.Sensitivity;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
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
  private final WindowStore store;
  private final AlsServer als;
  private final @Nullable SocketAgent agent;
  private final PodSource pods;
  private final List<String> missing;
  private final Outputs outputs;
  private final Vertx vertx;
  private final HttpServer http;

  private HoptollServer(Config config) throws IOException {
    Correlator correlator = new Correlator(sensitivity(config));
    store = WindowStore.open(config, correlator);
    loop = new CorrelatorLoop(correlator);
    outputs = new Outputs(config, correlator, loop);
    Tasks tasks = tasks(correlator);
    loop.start();
    pods = PodSource.start(config.get(Settings.PODS), node(config), loop);
    missing = new ArrayList<>();
    agent = startAgent(config, loop, missing);
    als = AlsServer.start(alsConfig(config), loop);
    vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    outputs.start(als, agent, store.store());
    HealthReport health = new HealthReport(loop, correlator, als, agent, store, this::missing);
    http =
        await(
            new HttpApi(loop, tasks, health::report, outputs::routes)
                .listen(vertx, config.get(Settings.HTTP_HOST), config.get(Settings.HTTP_PORT)));
    LOG.info("API on {}", url());
  }

  /**
   * Starts everything.
   *
   * @throws IOException when a port or socket cannot be listened on
   */
  public static HoptollServer start(Config config) throws IOException {
    return new HoptollServer(config);
  }

  /** Base URL of the API. */
  public String url() {
    return "http://127.0.0.1:" + http.actualPort();
  }

  /** What does not run here, why, and how to get it; empty when all does. */
  public List<String> missing() {
    List<String> all = new ArrayList<>(missing);
    for (String problem : List.of(pods.problem(), store.problem())) {
      if (!problem.isEmpty()) {
        all.add(problem);
      }
    }
    return all;
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
    pods.close();
    outputs.close();
    await(vertx.close());
    loop.close();
    store.close();
  }

  private static Sensitivity sensitivity(Config config) {
    return new Sensitivity(
        config.get(Settings.MIN_REQUESTS),
        config.get(Settings.STANDING).toNanos(),
        config.get(Settings.SLOW).toNanos());
  }

  /** Call before the correlator's thread starts: listeners are added to it. */
  private static Tasks tasks(Correlator correlator) {
    Tasks tasks = new Tasks();
    correlator.onRequest(tasks::request);
    correlator.onProcess(tasks::process);
    correlator.onTick(tasks::tick);
    return tasks;
  }

  private static AlsConfig alsConfig(Config config) {
    return new AlsConfig(
        config.get(Settings.ALS_LISTEN), Math.toIntExact(config.get(Settings.ALS_MAX_MESSAGE)));
  }

  private static String node(Config config) {
    String node = config.get(Settings.NODE);
    try {
      return node.isEmpty() ? InetAddress.getLocalHost().getHostName() : node;
    } catch (UnknownHostException e) {
      throw new IllegalStateException("this host has no name that resolves; set node", e);
    }
  }

  private static @Nullable SocketAgent startAgent(
      Config config, CorrelatorLoop loop, List<String> missing) {
    if (!config.get(Settings.BPF)) {
      missing.add(
          "socket agent switched off (--no-bpf): app, sidecar queues and transport cannot be told"
              + " apart");
      return null;
    }
    var readiness = SocketAgent.check(config.get(Settings.HOOKS));
    if (!readiness.ready()) {
      missing.addAll(readiness.missing());
      return null;
    }
    try {
      SocketAgent agent =
          SocketAgent.start(
              AgentConfig.forNode(node(config)).with(config.get(Settings.HOOKS)), loop);
      missing.addAll(agent.missing());
      return agent;
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
