package io.hoptoll.app.api;

import io.hoptoll.app.CorrelatorLoop;
import io.hoptoll.correlator.Correlator;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the correlator's thread, and sends what it says as JSON with an ETag. */
final class Answers {
  private static final Logger LOG = LoggerFactory.getLogger(Answers.class);
  private static final int ETAG_BYTES = 12;

  private final CorrelatorLoop loop;

  Answers(CorrelatorLoop loop) {
    this.loop = loop;
  }

  void answer(RoutingContext ctx, Function<Correlator, JsonObject> question) {
    ask(ctx, question, json -> send(ctx, 200, json));
  }

  /** Asks on the correlator's thread; the answer is used on the request's. */
  <T> void ask(RoutingContext ctx, Function<Correlator, T> question, Consumer<T> use) {
    CompletableFuture<T> answer = loop.ask(question);
    Future.fromCompletionStage(answer, ctx.vertx().getOrCreateContext())
        .onSuccess(use::accept)
        .onFailure(ctx::fail);
  }

  /** The same with a second step that may read from a disk: not on the request's thread. */
  <T, U> void ask(
      RoutingContext ctx, Function<Correlator, T> question, Function<T, U> slow, Consumer<U> use) {
    CompletableFuture<T> answer = loop.ask(question);
    Future.fromCompletionStage(answer, ctx.vertx().getOrCreateContext())
        .compose(found -> ctx.vertx().executeBlocking(() -> slow.apply(found), false))
        .onSuccess(use::accept)
        .onFailure(ctx::fail);
  }

  static void send(RoutingContext ctx, int status, JsonObject json) {
    String type = status < 400 ? "application/json" : "application/problem+json";
    send(ctx, status, type, Buffer.buffer(json.encodePrettily() + "\n"));
  }

  /** The body, or 304 where the client has it already (RFC 9110, section 13.1.2). */
  static void send(RoutingContext ctx, int status, String type, Buffer body) {
    ctx.response().setStatusCode(status).putHeader("content-type", type);
    if (status != 200) {
      ctx.response().end(body);
      return;
    }
    ctx.response().putHeader("etag", etag(body)).putHeader("cache-control", "no-cache");
    if (ctx.isFresh()) {
      ctx.response().setStatusCode(304).end();
    } else {
      ctx.response().end(body);
    }
  }

  static void failed(RoutingContext ctx) {
    Throwable cause = ctx.failure();
    if (cause instanceof Problem problem) {
      send(ctx, problem.status(), problem.toJson());
      return;
    }
    if (ctx.statusCode() == 413) {
      String most = "the body is longer than " + TaskRoutes.BODY_LIMIT + " bytes";
      send(ctx, 413, new Problem(413, most, new JsonObject()).toJson());
      return;
    }
    LOG.error("{} {} failed", ctx.request().method(), ctx.request().uri(), cause);
    String detail = cause == null ? "unknown failure" : String.valueOf(cause.getMessage());
    send(ctx, 503, new Problem(503, detail, new JsonObject()).toJson());
  }

  /** Weak: compression changes the bytes, not what they say. */
  private static String etag(Buffer body) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(body.getBytes());
      return "W/\"" + HexFormat.of().formatHex(Arrays.copyOf(hash, ETAG_BYTES)) + '"';
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
