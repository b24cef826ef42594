package io.hoptoll.app.api;

import io.hoptoll.correlator.Correlator;
import io.hoptoll.correlator.FinishedRequest;
import io.hoptoll.correlator.RequestSearch;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** {@code /diagnosis}, {@code /requests}, {@code /requests/{id}} and its {@code explain}. */
final class DiagnosisRoutes {
  private final Answers answers;

  DiagnosisRoutes(Answers answers) {
    this.answers = answers;
  }

  void mount(Router router) {
    router.get("/api/v1/diagnosis").handler(this::diagnosis);
    router.get("/api/v1/requests").handler(this::search);
    router.get("/api/v1/requests/:id").handler(ctx -> request(ctx, RequestJson::of));
    router.get("/api/v1/requests/:id/explain").handler(ctx -> request(ctx, ExplainJson::of));
  }

  private void diagnosis(RoutingContext ctx) {
    Parameters p = Parameters.parse(name -> ctx.queryParams().get(name), Instant.now());
    Range range = p.range();
    answers.answer(
        ctx,
        c -> {
          requireKnown(c, p.path(), range);
          var verdict =
              c.diagnose(p.path(), range.fromSecond(), range.toSecond(), p.against(), p.fromRank());
          var tail = c.traffic().tail(p.path(), range.fromSecond(), range.toSecond());
          return VerdictJson.of(verdict).put("tail", VerdictJson.array(tail, TrafficJson::tail));
        });
  }

  static void requireKnown(Correlator c, String path, Range range) {
    Map<String, Long> known = c.paths();
    if (!c.knows(path, range.fromSecond(), range.toSecond())) {
      throw new Problem(
          404,
          "no request of path '" + path + "' has been seen; ids and queries are left out of paths",
          new JsonObject().put("paths", new JsonArray(known.keySet().stream().sorted().toList())));
    }
  }

  private void search(RoutingContext ctx) {
    RequestSearch search = RequestQuery.parse(TrafficRoutes.query(ctx, RequestQuery.EXAMPLE));
    answers.answer(
        ctx,
        c -> {
          List<FinishedRequest> page = c.search(search);
          return new JsonObject()
              .put("requests", VerdictJson.array(page, TrafficJson::row))
              .put("nextCursor", RequestQuery.next(search, page));
        });
  }

  private void request(RoutingContext ctx, Function<FinishedRequest, JsonObject> form) {
    String id = ctx.pathParam("id");
    answers.answer(
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
              .put("requests", VerdictJson.array(found, form));
        });
  }
}
