package io.hoptoll.app.api;

import io.hoptoll.app.profile.Kept;
import io.hoptoll.app.profile.PodInstance;
import io.hoptoll.app.profile.Task;
import io.hoptoll.app.profile.TaskRefused;
import io.hoptoll.app.profile.Tasks;
import io.hoptoll.correlator.Correlator;
import io.hoptoll.correlator.pods.PodName;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.List;
import java.util.function.Supplier;

/** {@code /profiling-tasks}: started, listed, read, extended, stopped and deleted. */
final class TaskRoutes {
  static final int BODY_LIMIT = 16 * 1024;

  private static final String ALL = "/api/v1/profiling-tasks";
  private static final String ONE = ALL + "/:id";
  private static final int SLOWEST = 20;
  private static final int MAX_SLOWEST = 500;

  private final Answers answers;
  private final Tasks tasks;

  TaskRoutes(Answers answers, Tasks tasks) {
    this.answers = answers;
    this.tasks = tasks;
  }

  void mount(Router router) {
    router.post(ALL + "*").handler(BodyHandler.create(false).setBodyLimit(BODY_LIMIT));
    router.post(ALL + "*").handler(TaskRoutes::requireJson);
    router.post(ALL).handler(this::create);
    router.get(ALL).handler(this::list);
    router.get(ONE).handler(this::one);
    router.delete(ONE).handler(this::delete);
    router.post(ONE + "/stop").handler(this::stop);
    router.post(ONE + "/extend").handler(this::extend);
    router.get(ONE + "/requests/:request").handler(this::request);
  }

  /** A page of another site can send a form here, but no JSON unless asked first. */
  private static void requireJson(RoutingContext ctx) {
    String type = ctx.request().getHeader("content-type");
    if (type == null || !type.startsWith("application/json")) {
      throw new Problem(
          415,
          "content-type is '" + (type == null ? "" : type) + "', not application/json",
          new JsonObject().put("example", TaskBody.EXAMPLE));
    }
    ctx.next();
  }

  private void create(RoutingContext ctx) {
    TaskBody body = TaskBody.parse(ctx.body().asString());
    String pod = body.pod();
    answers.ask(
        ctx,
        c -> {
          var spec = body.spec(find(c, pod));
          return TaskJson.whole(allowed(() -> tasks.create(spec)), tasks.nowNanos(), SLOWEST);
        },
        json -> {
          ctx.response().putHeader("location", ALL + "/" + json.getString("id"));
          Answers.send(ctx, 201, json);
        });
  }

  private void list(RoutingContext ctx) {
    answers.answer(
        ctx,
        c ->
            new JsonObject()
                .put("tasks", VerdictJson.array(tasks.list(), t -> TaskJson.of(t, now())))
                .put("lost", new JsonObject(new java.util.TreeMap<>(tasks.counters()))));
  }

  private void one(RoutingContext ctx) {
    Query query = TrafficRoutes.query(ctx, ALL + "/t1?limit=50");
    int limit = query.integer("limit", SLOWEST, 0, MAX_SLOWEST);
    answers.answer(ctx, c -> TaskJson.whole(task(ctx), now(), limit));
  }

  private void delete(RoutingContext ctx) {
    answers.ask(
        ctx,
        c -> {
          tasks.delete(task(ctx));
          return true;
        },
        done -> ctx.response().setStatusCode(204).end());
  }

  private void stop(RoutingContext ctx) {
    answers.answer(
        ctx,
        c -> {
          tasks.stop(task(ctx));
          return TaskJson.whole(task(ctx), now(), SLOWEST);
        });
  }

  private void extend(RoutingContext ctx) {
    long seconds = TaskBody.parse(ctx.body().asString()).duration();
    answers.answer(
        ctx,
        c -> {
          Task task = task(ctx);
          allowed(
              () -> {
                tasks.extend(task, seconds);
                return task;
              });
          return TaskJson.whole(task, now(), SLOWEST);
        });
  }

  private void request(RoutingContext ctx) {
    String id = ctx.pathParam("request");
    answers.answer(
        ctx,
        c -> {
          Task task = task(ctx);
          List<Kept.Sample> found = task.profile().kept().of(id);
          if (found.isEmpty()) {
            throw new Problem(
                404, "task " + task.id() + " keeps no request '" + id + "'", new JsonObject());
          }
          return new JsonObject()
              .put("requestId", id)
              .put("requests", VerdictJson.array(found, s -> RequestJson.of(s.request())));
        });
  }

  private long now() {
    return tasks.nowNanos();
  }

  private Task task(RoutingContext ctx) {
    String id = ctx.pathParam("id");
    Task task = tasks.find(id);
    if (task == null) {
      JsonArray known = new JsonArray(tasks.list().stream().map(Task::id).toList());
      throw new Problem(
          404, "no profiling task '" + id + "' is kept", new JsonObject().put("tasks", known));
    }
    return task;
  }

  private static Task allowed(Supplier<Task> action) {
    try {
      return action.get();
    } catch (TaskRefused e) {
      throw new Problem(409, String.valueOf(e.getMessage()), new JsonObject());
    }
  }

  private static PodInstance find(Correlator c, String pod) {
    int slash = pod.indexOf('/');
    String namespace = slash < 0 ? "" : pod.substring(0, slash);
    PodName name = PodRoutes.find(c, namespace, pod.substring(slash + 1)).pod();
    return new PodInstance(name.namespace(), name.name(), name.node(), name.netns(), name.isNode());
  }
}
