package io.hoptoll.app;

import io.hoptoll.agent.SocketAgent;
import io.hoptoll.als.AlsServer;
import io.hoptoll.app.api.ApiForm;
import io.hoptoll.app.api.HttpApi;
import io.hoptoll.app.config.Config;
import io.hoptoll.app.config.Settings;
import io.hoptoll.app.exemplar.Exemplars;
import io.hoptoll.app.profile.Tasks;
import io.hoptoll.correlator.Correlator;
import io.hoptoll.correlator.Sensitivity;
import io.hoptoll.store.Store;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All parts in one process: ALS receiver, socket agent of this node, agents of others → correlator
 * → API. Each part that cannot run here is left out with words; the rest works.
 */
public final class HoptollServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HoptollServer.class);

  private final CorrelatorLoop loop;
  private final WindowStore store;
  private final @Nullable Exemplars exemplars;
  private final AlsServer als;
  private final @Nullable SocketAgent agent;
  private final @Nullable Agents agents;
  private final AgentList watchers;
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
    exemplars = exemplars(correlator);
    loop.start();
    String node = NodeSockets.name(config);
    pods = PodSource.start(config.get(Settings.PODS), node, loop);
    missing = new ArrayList<>();
    agents = Agents.start(config, config.get(Settings.BPF) ? node : "", loop);
    agent = NodeSockets.start(config, loop, agents == null, missing);
    tasks.heads(new TaskHeads(node, agent, config.get(Settings.PAYLOAD), agents));
    als = AlsServer.start(AlsSettings.of(config, config.get(Settings.ALS_LISTEN)), loop);
    vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    outputs.start(als, agent, agents, store.store());
    OwnAgent own = config.get(Settings.BPF) ? new OwnAgent(config, agent) : null;
    watchers = new AgentList(own, missing, agents);
    HealthReport health =
        new HealthReport(loop, correlator, als, agent, watchers, store, this::missing);
    http =
        await(
            new HttpApi(loop, tasks, exemplars, health::report, this::routes)
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
    if (agents != null) {
      all.addAll(agents.problems());
    }
    return all;
  }

  /** Port that agents of other nodes report to; 0: none is listened on. */
  public int agentsPort() {
    return agents == null ? 0 : agents.port();
  }

  private void routes(Router router) {
    outputs.routes(router);
    router.get("/api/v1/agents").handler(ctx -> HttpApi.send(ctx, watchers.list()));
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
    if (agents != null) {
      agents.close();
    }
    als.close();
    pods.close();
    outputs.close();
    await(vertx.close());
    loop.close();
    if (exemplars != null) {
      exemplars.close();
    }
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
    correlator.onCall(tasks::call);
    correlator.onNamespace(tasks::namespace);
    correlator.onTick(tasks::tick);
    return tasks;
  }

  /** Likewise. */
  private @Nullable Exemplars exemplars(Correlator correlator) {
    Store open = store.store();
    if (open == null) {
      return null;
    }
    Exemplars chosen =
        new Exemplars(open.requests(), new ApiForm(), () -> loop.sheddingLevel() > 0);
    correlator.onRequest(chosen::request);
    correlator.onTick(chosen::tick);
    return chosen;
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
