package io.hoptoll.app.api;

import io.hoptoll.correlator.Correlator;
import io.hoptoll.correlator.FinishedRequest;
import io.hoptoll.correlator.RequestSearch;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.Map;
import java.util.function.Function;

/** {@code /diagnosis}, {@code /requests}, {@code /requests/{id}} and its {@code explain}. */
final class DiagnosisRoutes {
  private final Answers answers;
  private final FoundRequests requests;

  DiagnosisRoutes(Answers answers, FoundRequests requests) {
    this.answers = answers;
    this.requests = requests;
  }

  void mount(Router router) {
    router.get("/api/v1/diagnosis").handler(this::diagnosis);
    router.get("/api/v1/requests").handler(this::search);
    router.get("/api/v1/requests/:id").handler(ctx -> request(ctx, RequestJson::of, "request"));
    router
        .get("/api/v1/requests/:id/explain")
        .handler(ctx -> request(ctx, ExplainJson::of, "explain"));
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
    answers.ask(
        ctx, c -> c.search(search), page -> requests.page(search, page), json -> send(ctx, json));
  }

  private void request(
      RoutingContext ctx, Function<FinishedRequest, JsonObject> form, String part) {
    String id = ctx.pathParam("id");
    answers.ask(
        ctx,
        c -> c.requests(id),
        found -> requests.of(id, found, form, part),
        json -> send(ctx, json));
  }

  private static void send(RoutingContext ctx, JsonObject json) {
    Answers.send(ctx, 200, json);
  }
}
