package io.hoptoll.bench.accuracy;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.List;

/** Runs cases in order; those of one load share a session. */
final class Runner {
  private static final List<Traffic> HEALTHY =
      List.of(
          new Traffic(Protocol.HTTP1, 8),
          new Traffic(Protocol.HTTP2, 8),
          new Traffic(Protocol.GRPC_UNARY, 8));

  private final CaseLog log;
  private final Progress progress;
  private final long untilNanos;

  Runner(CaseLog log, Progress progress, long untilNanos) {
    this.log = log;
    this.progress = progress;
    this.untilNanos = untilNanos;
  }

  /**
   * @return whether all were run before the time was up
   */
  boolean run(List<Case> cases) throws Exception {
    int next = 0;
    while (next < cases.size() && hasTime()) {
      next = session(cases, next);
    }
    return next == cases.size();
  }

  /** Watches a mesh in which nothing is injected, with one load after the other. */
  void watch(double minutes) throws Exception {
    for (Traffic traffic : HEALTHY) {
      progress.session(traffic);
      try (Session session = Session.start(traffic)) {
        session.missing().forEach(progress::missing);
        CaseRun run = new CaseRun(session, traffic);
        long until = System.nanoTime() + (long) (minutes * 60e9 / HEALTHY.size());
        while (System.nanoTime() < until) {
          Watch watch = run.watch();
          log.append(watch.toJson());
          progress.watched(watch);
        }
        end(session, traffic);
      }
    }
  }

  /** Runs the cases of one load; returns the index of the first one that is left. */
  private int session(List<Case> cases, int first) throws Exception {
    Traffic traffic = cases.get(first).traffic();
    progress.session(traffic);
    int next = first;
    try (Session session = Session.start(traffic)) {
      session.missing().forEach(progress::missing);
      CaseRun run = new CaseRun(session, traffic);
      while (next < cases.size() && cases.get(next).traffic().equals(traffic) && hasTime()) {
        Case c = cases.get(next++);
        progress.begin(c);
        CaseRun.Result result = run.run(c);
        log.append(result.before().toJson());
        log.append(result.during().toJson());
        log.append(result.outcome().json());
        progress.end(result.outcome());
      }
      end(session, traffic);
    }
    return next;
  }

  private void end(Session session, Traffic traffic) throws IOException {
    log.append(new Watch(traffic, 0, 0, List.of(), session.end()).toJson());
    log.append(
        new JsonObject()
            .put("type", "counts")
            .put("protocol", traffic.protocol().name())
            .put("connections", traffic.connections())
            .put("counts", session.asker().counts()));
  }

  private boolean hasTime() {
    return System.nanoTime() < untilNanos;
  }
}
