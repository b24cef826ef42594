package io.hoptoll.app.api;

import io.hoptoll.correlator.Correlator;
import io.hoptoll.correlator.Edge;
import io.hoptoll.correlator.Summary;
import io.hoptoll.correlator.Traffic.EdgeTraffic;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** {@code /paths}, {@code /paths/series}, {@code /topology}, {@code /edges/series}. */
final class TrafficRoutes {
  private static final long DEFAULT_WINDOW = 60;
  private static final long DEFAULT_SERIES = 300;

  /** Two ALS flushes, and what path assembly waits for the hops of a request. */
  private static final long JOIN_SECONDS = 5;

  private final Answers answers;
  private final VerdictStream verdicts;

  TrafficRoutes(Answers answers, VerdictStream verdicts) {
    this.answers = answers;
    this.verdicts = verdicts;
  }

  void mount(Router router) {
    router.get("/api/v1/paths").handler(this::paths);
    router.get("/api/v1/paths/series").handler(this::pathSeries);
    router.get("/api/v1/topology").handler(this::topology);
    router.get("/api/v1/edges/series").handler(this::edgeSeries);
  }

  private void paths(RoutingContext ctx) {
    Query query = query(ctx, "/api/v1/paths?window=60s");
    Range range = Range.parse(query, settled(), DEFAULT_WINDOW);
    Map<String, VerdictWatch.Change> standing = verdicts.current();
    answers.answer(ctx, c -> paths(c, range, standing));
  }

  private static JsonObject paths(
      Correlator c, Range range, Map<String, VerdictWatch.Change> standing) {
    Map<String, Summary> now = c.traffic().paths(range.fromSecond(), range.toSecond());
    Comparator<Map.Entry<String, Long>> byTimeLost =
        Comparator.comparingDouble(e -> lost(standing.get(e.getKey())));
    List<JsonObject> paths =
        c.paths().entrySet().stream()
            .sorted(byTimeLost.thenComparing(Map.Entry.comparingByValue()).reversed())
            .map(e -> path(c, range, e, now.get(e.getKey()), standing.get(e.getKey())))
            .toList();
    return span(range).put("paths", new JsonArray(paths));
  }

  private static double lost(VerdictWatch.@org.jspecify.annotations.Nullable Change change) {
    return change == null ? 0 : change.standing().lostNanosPerSecond();
  }

  private static JsonObject path(
      Correlator c,
      Range range,
      Map.Entry<String, Long> path,
      @org.jspecify.annotations.Nullable Summary now,
      VerdictWatch.@org.jspecify.annotations.Nullable Change change) {
    return new JsonObject()
        .put("path", path.getKey())
        .put("requests", path.getValue())
        .put("window", now == null ? null : TrafficJson.summary(now))
        .put("verdict", change == null ? null : VerdictStream.json(change));
  }

  private void pathSeries(RoutingContext ctx) {
    Query query = query(ctx, "/api/v1/paths/series?path=/productpage&window=5m");
    String path = query.required("path", "a URL path that begins with /");
    Range asked = Range.parse(query, settled(), DEFAULT_SERIES);
    long step = asked.step(query);
    Range range = asked.aligned(step);
    answers.answer(
        ctx,
        c -> {
          DiagnosisRoutes.requireKnown(c, path, range);
          List<Summary> points = c.traffic().path(path, range.fromSecond(), range.toSecond(), step);
          return span(range)
              .put("path", path)
              .put("stepSeconds", step)
              .put("points", VerdictJson.array(points, TrafficJson::summary));
        });
  }

  private void topology(RoutingContext ctx) {
    Query query = query(ctx, "/api/v1/topology?window=60s");
    Range range = Range.parse(query, settled(), DEFAULT_WINDOW);
    answers.answer(
        ctx,
        c -> {
          List<EdgeTraffic> edges = c.traffic().edges(range.fromSecond(), range.toSecond());
          TreeSet<String> names = new TreeSet<>();
          for (EdgeTraffic e : edges) {
            names.add(e.edge().client());
            names.add(e.edge().server());
          }
          return span(range)
              .put(
                  "services",
                  VerdictJson.array(List.copyOf(names), name -> TrafficJson.service(name, edges)))
              .put("edges", VerdictJson.array(edges, TrafficJson::edge));
        });
  }

  private void edgeSeries(RoutingContext ctx) {
    Query query =
        query(
            ctx,
            "/api/v1/edges/series?client=productpage-v1.default&server=details-v1.default&window=5m");
    Edge edge =
        new Edge(
            query.required("client", "a service of /api/v1/topology"),
            query.required("server", "a service of /api/v1/topology"));
    Range asked = Range.parse(query, settled(), DEFAULT_SERIES);
    long step = asked.step(query);
    Range range = asked.aligned(step);
    answers.answer(
        ctx,
        c -> {
          List<EdgeTraffic> points =
              c.traffic().edge(edge, range.fromSecond(), range.toSecond(), step);
          return span(range)
              .put("edge", VerdictJson.edge(edge))
              .put("stepSeconds", step)
              .put("points", VerdictJson.array(points, TrafficJson::edgePoint));
        });
  }

  /** Until when nearly all requests are joined: the seconds after would show as a drop. */
  private static Instant settled() {
    return Instant.now().minusSeconds(JOIN_SECONDS);
  }

  private static JsonObject span(Range range) {
    return new JsonObject()
        .put("from", VerdictJson.time(range.fromSecond() * 1_000_000_000L))
        .put("to", VerdictJson.time(range.toSecond() * 1_000_000_000L));
  }

  static Query query(RoutingContext ctx, String example) {
    return new Query(name -> ctx.queryParams().get(name), example);
  }
}
