package io.hoptoll.bench.accuracy;

import io.vertx.core.json.JsonObject;
import java.util.List;

/** Runs cases in order; those of one load share a session. */
final class Runner {
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
      log.append(new Watch(traffic, 0, 0, List.of(), session.end()).toJson());
      log.append(
          new JsonObject()
              .put("type", "counts")
              .put("protocol", traffic.protocol().name())
              .put("connections", traffic.connections())
              .put("counts", session.asker().counts()));
    }
    return next;
  }

  private boolean hasTime() {
    return System.nanoTime() < untilNanos;
  }
}
