package io.hoptoll.app.api;

import io.hoptoll.app.CorrelatorLoop;
import io.hoptoll.correlator.Correlator;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Routes: {@code /api/v1/diagnosis}, {@code /requests/{id}}, {@code /paths}, health. */
public final class HttpApi {
  private static final Logger LOG = LoggerFactory.getLogger(HttpApi.class);

  private final CorrelatorLoop loop;
  private final Supplier<Health> health;
  private final Consumer<Router> more;

  /**
   * @param more adds the routes of other parts
   */
  public HttpApi(CorrelatorLoop loop, Supplier<Health> health, Consumer<Router> more) {
    this.loop = loop;
    this.health = health;
    this.more = more;
  }

  /** Listens; port 0 takes a free one (see {@code actualPort()} of the result). */
  public Future<HttpServer> listen(Vertx vertx, String host, int port) {
    Router router = Router.router(vertx);
    router.get("/api/v1/diagnosis").handler(this::diagnosis);
    router.get("/api/v1/requests/:id").handler(this::request);
    router.get("/api/v1/paths").handler(this::paths);
    router.get("/healthz").handler(ctx -> send(ctx, 200, health.get().toJson()));
    router.get("/readyz").handler(this::ready);
    more.accept(router);
    router.route().last().handler(HttpApi::unknownRoute);
    router.route().failureHandler(HttpApi::failed);
    return vertx.createHttpServer().requestHandler(router).listen(port, host);
  }

  private void diagnosis(RoutingContext ctx) {
    Parameters p = Parameters.parse(name -> ctx.queryParams().get(name), Instant.now());
    answer(
        ctx,
        c -> {
          requireKnown(c, p.path());
          return VerdictJson.of(
              c.diagnose(
                  p.path(), p.fromSecond(), p.toSecond(), p.baselineFromSecond(), p.fromRank()));
        });
  }

  private static void requireKnown(Correlator c, String path) {
    Map<String, Long> known = c.paths();
    if (!known.containsKey(path)) {
      throw new Problem(
          404,
          "no request of path '" + path + "' has been seen; ids and queries are left out of paths",
          new JsonObject().put("paths", new JsonArray(known.keySet().stream().sorted().toList())));
    }
  }

  private void request(RoutingContext ctx) {
    String id = ctx.pathParam("id");
    answer(
        ctx,
        c -> {
          var found = c.requests(id);
          if (found.isEmpty()) {
            throw new Problem(
                404,
                "no request with x-request-id '"
                    + id
                    + "' is kept; it may not have ended yet (wait 4 s), or is too old",
                new JsonObject());
          }
          return new JsonObject()
              .put("requestId", id)
              .put("requests", VerdictJson.array(found, RequestJson::of));
        });
  }

  private void paths(RoutingContext ctx) {
    answer(
        ctx,
        c ->
            new JsonObject()
                .put(
                    "paths",
                    new JsonArray(
                        c.paths().entrySet().stream()
                            .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                            .map(
                                e ->
                                    new JsonObject()
                                        .put("path", e.getKey())
                                        .put("requests", e.getValue()))
                            .collect(Collectors.toList()))));
  }

  private void ready(RoutingContext ctx) {
    Health h = health.get();
    send(ctx, h.isReady() ? 200 : 503, h.toJson());
  }

  private void answer(RoutingContext ctx, Function<Correlator, JsonObject> question) {
    CompletableFuture<JsonObject> answer = loop.ask(question);
    Future.fromCompletionStage(answer, ctx.vertx().getOrCreateContext())
        .onSuccess(json -> send(ctx, 200, json))
        .onFailure(ctx::fail);
  }

  private static void unknownRoute(RoutingContext ctx) {
    throw new Problem(
        404,
        "no such resource: " + ctx.request().path(),
        new JsonObject()
            .put(
                "resources",
                new JsonArray()
                    .add("/api/v1/diagnosis?path=/productpage")
                    .add("/api/v1/requests/{x-request-id}")
                    .add("/api/v1/paths")
                    .add("/healthz")
                    .add("/readyz")));
  }

  private static void failed(RoutingContext ctx) {
    Throwable cause = ctx.failure();
    if (cause instanceof Problem problem) {
      send(ctx, problem.status(), problem.toJson());
      return;
    }
    LOG.error("{} {} failed", ctx.request().method(), ctx.request().uri(), cause);
    String detail = cause == null ? "unknown failure" : String.valueOf(cause.getMessage());
    send(ctx, 503, new Problem(503, detail, new JsonObject()).toJson());
  }

  private static void send(RoutingContext ctx, int status, JsonObject json) {
    String type = status < 400 ? "application/json" : "application/problem+json";
    ctx.response()
        .setStatusCode(status)
        .putHeader("content-type", type)
        .end(json.encodePrettily() + "\n");
  }
}
