package io.hoptoll.app.api;

import io.hoptoll.correlator.Correlator;
import io.hoptoll.correlator.pods.PodList;
import io.hoptoll.correlator.pods.PodTopology;
import io.hoptoll.correlator.pods.PodTopology.Link;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** {@code /pods}, {@code /pods/NAMESPACE/POD/topology}, {@code /pods/NAMESPACE/POD/lines/ID}. */
final class PodRoutes {
  private final Answers answers;

  PodRoutes(Answers answers) {
    this.answers = answers;
  }

  void mount(Router router) {
    router.get("/api/v1/pods").handler(this::pods);
    router.get("/api/v1/pods/:namespace/:pod/topology").handler(this::topology);
    router.get("/api/v1/pods/:namespace/:pod/lines/:line").handler(this::line);
  }

  private void pods(RoutingContext ctx) {
    answers.answer(ctx, c -> PodJson.list(c.pods().list(), c.pods().counters()));
  }

  private void topology(RoutingContext ctx) {
    String namespace = ctx.pathParam("namespace");
    String pod = ctx.pathParam("pod");
    answers.answer(ctx, c -> PodJson.topology(find(c, namespace, pod)));
  }

  private void line(RoutingContext ctx) {
    String namespace = ctx.pathParam("namespace");
    String pod = ctx.pathParam("pod");
    String id = ctx.pathParam("line");
    answers.answer(
        ctx,
        c -> {
          PodTopology topology = find(c, namespace, pod);
          for (Link line : topology.lines()) {
            if (line.id().equals(id)) {
              return PodJson.line(line).put("metrics", LineMetrics.of(line));
            }
          }
          throw new Problem(
              404,
              "pod " + namespace + "/" + pod + " has no line '" + id + "'",
              new JsonObject()
                  .put("lines", new JsonArray(topology.lines().stream().map(Link::id).toList())));
        });
  }

  static PodTopology find(Correlator c, String namespace, String pod) {
    PodTopology found = c.pods().topology(namespace, pod);
    if (found == null) {
      PodList all = c.pods().list();
      JsonArray known = new JsonArray();
      for (PodList.LeftOut left : all.leftOut()) {
        if (left.namespace().equals(namespace) && left.name().equals(pod)) {
          throw new Problem(
              404,
              "pod " + namespace + "/" + pod + " is not told apart: " + left.reason(),
              new JsonObject());
        }
      }
      all.pods().forEach(p -> known.add(p.pod().namespace() + "/" + p.pod().name()));
      throw new Problem(
          404,
          "no pod " + namespace + "/" + pod + " has been seen on a watched node",
          new JsonObject().put("pods", known));
    }
    return found;
  }
}
