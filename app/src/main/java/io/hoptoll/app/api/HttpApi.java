package io.hoptoll.app.api;

import io.hoptoll.app.CorrelatorLoop;
import io.hoptoll.app.exemplar.Exemplars;
import io.hoptoll.app.profile.Tasks;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Everything the service answers over HTTP: {@code /api/v1}, health, and the page. */
public final class HttpApi {
  private final CorrelatorLoop loop;
  private final Tasks tasks;
  private final Supplier<Health> health;
  private final Consumer<Router> more;
  private final @Nullable Exemplars stored;

  /**
   * @param stored requests beside those in memory; null: none
   * @param more adds the routes of other parts
   */
  public HttpApi(
      CorrelatorLoop loop,
      Tasks tasks,
      @Nullable Exemplars stored,
      Supplier<Health> health,
      Consumer<Router> more) {
    this.loop = loop;
    this.stored = stored;
    this.tasks = tasks;
    this.health = health;
    this.more = more;
  }

  /** Listens; port 0 takes a free one (see {@code actualPort()} of the result). */
  public Future<HttpServer> listen(Vertx vertx, String host, int port) {
    Router router = Router.router(vertx);
    router.route().handler(Page::protect);
    Answers answers = new Answers(loop);
    VerdictStream verdicts = new VerdictStream(loop);
    new DiagnosisRoutes(answers, new FoundRequests(stored)).mount(router);
    new TrafficRoutes(answers, verdicts).mount(router);
    new PodRoutes(answers).mount(router);
    new TaskRoutes(answers, tasks).mount(router);
    verdicts.mount(router, vertx);
    router.get("/healthz").handler(ctx -> Answers.send(ctx, 200, health.get().toJson()));
    router.get("/readyz").handler(this::ready);
    new Page().mount(router);
    more.accept(router);
    router.route().last().handler(HttpApi::unknownRoute);
    router.route().failureHandler(Answers::failed);
    HttpServerOptions options = new HttpServerOptions().setCompressionSupported(true);
    return vertx.createHttpServer(options).requestHandler(router).listen(port, host);
  }

  /** Answers with 200, for the routes of other parts. */
  public static void send(RoutingContext ctx, JsonObject json) {
    Answers.send(ctx, 200, json);
  }

  private void ready(RoutingContext ctx) {
    Health h = health.get();
    Answers.send(ctx, h.isReady() ? 200 : 503, h.toJson());
  }

  private static void unknownRoute(RoutingContext ctx) {
    throw new Problem(
        404,
        "no such resource: " + ctx.request().path(),
        new JsonObject()
            .put(
                "resources",
                new JsonArray()
                    .add("/")
                    .add("/api/v1/openapi.json")
                    .add("/api/v1/diagnosis?path=/productpage")
                    .add("/api/v1/paths")
                    .add("/api/v1/requests?order=slowest")
                    .add("/api/v1/topology")
                    .add("/api/v1/pods")
                    .add("/api/v1/agents")
                    .add("/api/v1/alerts")
                    .add("/api/v1/profiling-tasks")
                    .add("/api/v1/verdicts")
                    .add("/healthz")));
  }
}
