package io.hoptoll.bench.accuracy;

import io.hoptoll.bench.accuracy.Witness.Seen;
import io.hoptoll.minimesh.fault.Fault;
import io.hoptoll.minimesh.fault.Faults;
import io.hoptoll.minimesh.fault.Truth;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** One case in a running session: a healthy stretch, the fault, the answer, and then the truth. */
final class CaseRun {
  /** What the fault before left behind (retransmits, queues) is gone after that. */
  private static final double SETTLE_SECONDS = 3;

  private static final double HEALTHY_SECONDS = 6;
  private static final double EVERY_SECONDS = 0.5;
  private static final double FIRST_SECONDS = 1;

  /** An answer that stands before is not yet believed: few requests are in it. */
  private static final double BELIEVED_SECONDS = 5;

  private static final double LAST_SECONDS = 12;

  private final Session session;
  private final Asker asker;
  private final Traffic traffic;

  CaseRun(Session session, Traffic traffic) {
    this.session = session;
    this.asker = session.asker();
    this.traffic = traffic;
  }

  /** What one case gave: its outcome, and the watch over the healthy time before it. */
  record Result(Outcome outcome, Watch before, Watch during) {}

  Result run(Case c) {
    Pause.seconds(SETTLE_SECONDS);
    Watch before = healthy();
    List<Fault> faults = c.on(new Faults(session.mesh()));
    session.mesh().load().reset();
    Asked asked;
    List<Truth> truths = new ArrayList<>();
    Instant from = wholeSecond();
    Pause.until(from);
    long begin = System.nanoTime();
    List<Fault> started = new ArrayList<>();
    try {
      for (Fault fault : faults) {
        started.add(fault);
        fault.start();
      }
      asked = ask(c, from, begin);
    } finally {
      started.forEach(f -> truths.add(f.stop()));
    }
    long failed = session.mesh().load().stats().errors();
    Seen seen = session.witness().look();
    Effect effect = Effect.of(before.seen().clientNanos(), seen.clientNanos(), failed);
    Outcome outcome = Outcome.of(c, truths, effect, asked.settled(), asked.firstRight(truths));
    return new Result(outcome, before, new Watch(traffic, 0, 0, List.of(), seen));
  }

  /** The same in a mesh that has had no fault: its last minute is asked about too. */
  Watch watch() {
    Watch watch = healthy();
    Answer lately = asker.lately();
    List<String> alarms = new ArrayList<>(watch.alarms());
    if (lately.isDegraded()) {
      alarms.add(lately.headline());
    }
    return new Watch(traffic, watch.healthySeconds(), 2, alarms, watch.seen());
  }

  /** Time without a fault, asked about at its end. */
  private Watch healthy() {
    Seen old = session.witness().look();
    Instant from = wholeSecond();
    Pause.seconds(HEALTHY_SECONDS);
    Answer answer = asker.since(from);
    Seen seen = session.witness().look();
    old.errors().add(seen.errors());
    Seen both =
        new Seen(
            seen.clientNanos(),
            old.calls() + seen.calls(),
            old.joined() + seen.joined(),
            old.errors());
    List<String> alarms = answer.isDegraded() ? List.of(answer.headline()) : List.of();
    return new Watch(traffic, HEALTHY_SECONDS, 1, alarms, both);
  }

  private Asked ask(Case c, Instant from, long begin) {
    Asked asked = new Asked(c);
    Pause.seconds(FIRST_SECONDS);
    double seconds = 0;
    while (seconds < LAST_SECONDS && !(seconds >= BELIEVED_SECONDS && asked.stands())) {
      seconds = (System.nanoTime() - begin) / 1e9;
      asked.add(seconds, asker.since(from));
      Pause.seconds(EVERY_SECONDS);
    }
    return asked;
  }

  /** Windows are whole seconds: the first one that begins from now on. */
  private static Instant wholeSecond() {
    return Instant.now().plusSeconds(1).truncatedTo(ChronoUnit.SECONDS);
  }
}
