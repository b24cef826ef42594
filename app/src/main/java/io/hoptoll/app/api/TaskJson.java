package io.hoptoll.app.api;

import io.hoptoll.app.profile.Kept;
import io.hoptoll.app.profile.PodMeter;
import io.hoptoll.app.profile.Profile;
import io.hoptoll.app.profile.Profile.LegTime;
import io.hoptoll.app.profile.Profile.ProcessUse;
import io.hoptoll.app.profile.Rule;
import io.hoptoll.app.profile.Task;
import io.hoptoll.app.profile.Trigger;
import io.hoptoll.correlator.Sketch;
import io.hoptoll.model.HeadsAsked;
import io.hoptoll.model.Hop;
import io.hoptoll.model.HttpCall;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.SidecarSpan;
import io.hoptoll.model.TaskReading;
import io.hoptoll.model.TlsProcess;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A profiling task: what was asked, how far it is, what it has found. */
final class TaskJson {
  private TaskJson() {}

  /** A task as a row of the list. */
  static JsonObject of(Task task, long nowNanos) {
    HeadsAsked heads = task.spec().heads();
    boolean isOpen = task.endNanos() == Long.MAX_VALUE;
    return new JsonObject()
        .put("id", task.id())
        .put("pod", task.spec().pod().toString())
        .put("node", task.spec().pod().node())
        .put("state", task.state(nowNanos).name())
        .put("start", VerdictJson.time(task.startNanos()))
        .put("end", isOpen ? null : VerdictJson.time(task.endNanos()))
        .put("remainingNanos", isOpen ? null : Math.max(0, task.endNanos() - nowNanos))
        .put("duration", task.spec().durationSeconds() + "s")
        .put("rules", VerdictJson.array(task.spec().rules(), TaskJson::rule))
        .put("heads", heads.clearBytes() > 0)
        .put("tls", heads.tlsBytes() > 0)
        .put("headBytes", heads.isNone() ? null : Math.max(heads.clearBytes(), heads.tlsBytes()))
        .put("when", when(task.spec().trigger()))
        .put("startedBy", task.startedBy().isEmpty() ? null : task.startedBy())
        .put("because", task.because().isEmpty() ? null : task.because())
        .put("runs", new JsonArray(task.runs().stream().map(Task::id).toList()))
        .put("progress", progress(task.profile()));
  }

  /** The same with what it found, and its slowest requests. */
  static JsonObject whole(Task task, long nowNanos, int limit) {
    Profile profile = task.profile();
    return of(task, nowNanos)
        .put("reading", reading(task.reading(nowNanos)))
        .put("headsRead", headsRead(task.spec().heads(), task.read()))
        .put("totals", totals(profile.totals(), profile.errors()))
        .put("legs", legs(profile))
        .put("processes", processes(profile.processes()))
        .put("requests", VerdictJson.array(profile.kept().slowest(limit), TaskJson::sample))
        .put("clearCalls", VerdictJson.array(profile.clearCalls().slowest(limit), HttpCallJson::of))
        .put("tlsCalls", VerdictJson.array(profile.tlsCalls().slowest(limit), HttpCallJson::of));
  }

  private static JsonObject rule(Rule rule) {
    List<String> statuses =
        rule.statuses().stream().sorted().map(d -> d == 0 ? "none" : d + "xx").toList();
    return new JsonObject()
        .put("path", rule.path().isEmpty() ? null : rule.path())
        .put("minDuration", rule.minNanos() / Nanos.PER_MILLI + "ms")
        .put("status", new JsonArray(statuses));
  }

  private static @Nullable JsonObject when(@Nullable Trigger t) {
    return t == null
        ? null
        : new JsonObject()
            .put("errorRate", given(t.errorRate()))
            .put("p99Nanos", Double.isNaN(t.p99Nanos()) ? null : Math.round(t.p99Nanos()))
            .put("cpu", given(t.cpus()))
            .put("sidecarShare", given(t.sidecarShare()))
            .put("window", t.windowSeconds() + "s")
            .put("minRequests", t.minRequests());
  }

  private static @Nullable Double given(double number) {
    return Double.isNaN(number) ? null : number;
  }

  private static @Nullable JsonObject reading(PodMeter.@Nullable Reading now) {
    return now == null
        ? null
        : new JsonObject()
            .put("requests", now.requests())
            .put("errorRate", VerdictJson.round(now.errorRate()))
            .put("p99Nanos", Math.round(now.p99Nanos()))
            .put("cpu", VerdictJson.round(now.cpus()))
            .put("sidecarShare", VerdictJson.round(now.sidecarShare()));
  }

  /** Of the pod's reading, which other tasks may ask more of, what this one asked for. */
  private static @Nullable JsonObject headsRead(HeadsAsked asked, @Nullable TaskReading read) {
    if (read == null) {
      return null;
    }
    boolean isTls = asked.tlsBytes() > 0;
    String problem = read.problem(asked.clearBytes() > 0, isTls);
    List<TlsProcess> processes = isTls ? read.processes() : List.of();
    return new JsonObject()
        .put("problem", problem.isEmpty() ? null : problem)
        .put("tlsProcesses", VerdictJson.array(processes, TaskJson::tlsProcess))
        .put("tlsProcessesLeftOut", isTls ? read.leftOut() : 0);
  }

  private static JsonObject tlsProcess(TlsProcess p) {
    return new JsonObject()
        .put("process", p.name() + "/" + p.tgid())
        .put("covered", p.covered())
        .put("how", p.how());
  }

  private static JsonObject progress(Profile p) {
    return new JsonObject()
        .put("calls", p.calls())
        .put("matching", p.totals().count())
        .put("kept", p.kept().size())
        .put("leftOut", p.kept().leftOut())
        .put("bytes", p.kept().bytes())
        .put("clearCalls", p.clearCalls().calls())
        .put("clearMatching", p.clearCalls().matching())
        .put("clearLeftOut", p.clearCalls().leftOut())
        .put("clearForgotten", p.clearForgotten())
        .put("tlsCalls", p.tlsCalls().calls())
        .put("tlsMatching", p.tlsCalls().matching())
        .put("tlsLeftOut", p.tlsCalls().leftOut());
  }

  private static JsonObject totals(Sketch totals, long errors) {
    return new JsonObject()
        .put("requests", totals.count())
        .put("errors", errors)
        .put("meanNanos", Math.round(totals.mean()))
        .put("p50Nanos", Math.round(totals.quantile(0.5)))
        .put("p90Nanos", Math.round(totals.quantile(0.9)))
        .put("p99Nanos", Math.round(totals.quantile(0.99)));
  }

  private static JsonArray legs(Profile profile) {
    double all = Math.max(1, profile.totals().sumNanos());
    List<Map.Entry<String, LegTime>> byTime =
        profile.legs().entrySet().stream()
            .sorted(Comparator.comparingLong(e -> -e.getValue().nanos()))
            .toList();
    return VerdictJson.array(
        byTime,
        e ->
            new JsonObject()
                .put("leg", e.getKey())
                .put("party", e.getValue().party().name())
                .put("share", VerdictJson.round(e.getValue().nanos() / all))
                .put("calls", e.getValue().calls())
                .put("nanos", e.getValue().nanos())
                .put("longestNanos", e.getValue().longestNanos()));
  }

  private static JsonArray processes(Map<Integer, ProcessUse> processes) {
    List<Map.Entry<Integer, ProcessUse>> byId =
        processes.entrySet().stream().sorted(Map.Entry.comparingByKey()).toList();
    return VerdictJson.array(
        byId,
        e -> {
          double time = Math.max(1, e.getValue().intervalNanos());
          return new JsonObject()
              .put("process", e.getValue().comm() + "/" + e.getKey())
              .put("cpu", VerdictJson.round(e.getValue().cpuNanos() / time))
              .put("throttledShare", VerdictJson.round(e.getValue().throttledNanos() / time))
              .put("waitingThreads", VerdictJson.round(e.getValue().runQueueNanos() / time));
        });
  }

  private static JsonObject sample(Kept.Sample sample) {
    Hop hop = sample.call().hop();
    SidecarSpan span = hop.outer().span();
    return new JsonObject()
        .put("requestId", hop.requestId())
        .put("start", VerdictJson.time(span.startWallNanos()))
        .put("side", sample.served() ? "served" : "made")
        .put("method", span.request().method())
        .put("path", span.path())
        .put("responseCode", span.outcome().code())
        .put("edge", VerdictJson.edge(sample.call().edge()))
        .put("totalNanos", sample.nanos())
        .put("app", sample.app() == null ? null : app(sample.app()));
  }

  /** The same call as the pod's app has it. */
  private static JsonObject app(HttpCall call) {
    return new JsonObject()
        .put("process", call.owner().comm() + "/" + call.owner().tgid())
        .put("method", call.request().method())
        .put("path", call.request().path())
        .put("responseCode", call.status())
        .put("totalNanos", call.nanos());
  }
}
