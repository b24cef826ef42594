package io.hoptoll.app.api;

import io.hoptoll.app.CorrelatorLoop;
import io.hoptoll.app.api.VerdictWatch.Change;
import io.hoptoll.correlator.Verdict;
import io.hoptoll.correlator.Verdict.Finding;
import io.hoptoll.model.Nanos;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Verdicts as they change: {@code /verdicts} and, as server-sent events, {@code /verdicts/stream}.
 * All on the API's one event loop.
 */
final class VerdictStream {
  /** Open streams; each costs a connection and a short write a change. */
  static final int STREAMS = 64;

  private static final Logger LOG = LoggerFactory.getLogger(VerdictStream.class);
  private static final long LOOK_MILLIS = TimeUnit.SECONDS.toMillis(2);
  private static final long BEAT_MILLIS = TimeUnit.SECONDS.toMillis(15);

  private final CorrelatorLoop loop;
  private final VerdictWatch watch = new VerdictWatch();
  private final Set<HttpServerResponse> streams = new LinkedHashSet<>();
  private boolean looking;

  VerdictStream(CorrelatorLoop loop) {
    this.loop = loop;
  }

  void mount(Router router, Vertx vertx) {
    router.get("/api/v1/verdicts").handler(this::verdicts);
    router.get("/api/v1/verdicts/stream").handler(this::open);
    vertx.setPeriodic(LOOK_MILLIS, timer -> look());
    vertx.setPeriodic(BEAT_MILLIS, timer -> send(": still here\n\n"));
  }

  Map<String, Change> current() {
    return watch.current();
  }

  /** Never two looks at once: a busy correlator is not asked again before it answered. */
  private void look() {
    if (looking) {
      return;
    }
    looking = true;
    Instant now = Instant.now();
    Future.fromCompletionStage(
            loop.ask(c -> VerdictWatch.look(c, now.getEpochSecond())),
            io.vertx.core.Vertx.currentContext())
        .onSuccess(
            seen -> {
              long wall = now.getEpochSecond() * Nanos.PER_SECOND + now.getNano();
              watch.update(seen, wall).forEach(change -> send(event(change)));
            })
        .onFailure(e -> LOG.warn("verdicts were not looked at: {}", e.getMessage()))
        .onComplete(done -> looking = false);
  }

  private void verdicts(RoutingContext ctx) {
    List<Change> standing = new ArrayList<>(watch.current().values());
    standing.sort(java.util.Comparator.comparingLong(Change::id).reversed());
    Answers.send(
        ctx,
        200,
        new JsonObject()
            .put("current", VerdictJson.array(standing, VerdictStream::json))
            .put("changes", VerdictJson.array(watch.since(0), VerdictStream::json)));
  }

  private void open(RoutingContext ctx) {
    if (streams.size() >= STREAMS) {
      throw new Problem(
          503,
          STREAMS + " streams are open already; close one, or poll /api/v1/verdicts",
          new JsonObject());
    }
    HttpServerResponse response = ctx.response();
    response
        .setChunked(true)
        .putHeader("content-type", "text/event-stream")
        .putHeader("cache-control", "no-store")
        .putHeader("content-encoding", "identity"); // gzip would hold events back
    response.closeHandler(v -> streams.remove(response));
    response.exceptionHandler(e -> streams.remove(response));
    response.write("retry: 2000\n\n");
    long last = lastSeen(ctx.request().getHeader("last-event-id"));
    watch.since(last).forEach(change -> response.write(event(change)));
    streams.add(response);
  }

  private static long lastSeen(@Nullable String id) {
    return id != null && id.matches("\\d{1,18}") ? Long.parseLong(id) : 0;
  }

  /** A reader that does not keep up is cut off: it comes back and asks for what it missed. */
  private void send(String text) {
    for (HttpServerResponse stream : List.copyOf(streams)) {
      if (stream.writeQueueFull()) {
        streams.remove(stream);
        stream.reset();
      } else {
        stream.write(text);
      }
    }
  }

  private static String event(Change change) {
    return "id: " + change.id() + "\nevent: verdict\ndata: " + json(change).encode() + "\n\n";
  }

  static JsonObject json(Change change) {
    Verdict v = change.standing().verdict();
    JsonObject json =
        new JsonObject()
            .put("id", change.id())
            .put("at", VerdictJson.time(change.atWallNanos()))
            .put("path", v.path())
            .put("status", v.status().name())
            .put("headline", v.headline())
            .put("lostNanosPerSecond", Math.round(change.standing().lostNanosPerSecond()));
    if (!v.findings().isEmpty()) {
      Finding first = v.findings().get(0);
      json.put("party", first.party().name())
          .put("cause", first.cause().name())
          .put("actor", first.actor().name())
          .put("evidence", new JsonArray(first.evidence()))
          .put("remedy", first.remedy());
    }
    return json;
  }
}
