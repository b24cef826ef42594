package io.hoptoll.app.metrics;

import io.hoptoll.app.CorrelatorLoop;
import io.hoptoll.correlator.Correlator;
import io.hoptoll.correlator.JoinCounters.Count;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;

/** What was joined, what was not and why, and what the queue before it lost. */
final class JoinMeters {
  private JoinMeters() {}

  static void register(MeterRegistry registry, CorrelatorLoop loop, Correlator correlator) {
    Counted counted = new Counted(registry);
    for (Count count : Count.values()) {
      counted.add(
          "hoptoll.join",
          "Records, hops and requests through the join, and what it dropped, by event",
          "event",
          LegMeters.label(count),
          () -> correlator.counters().get(count));
    }
    counted.gauge(
        "hoptoll.joined.ratio",
        "Hops so far with both spans and all socket ends",
        correlator::joinedShare);
    Timer delay =
        Timer.builder("hoptoll.correlator.delay")
            .description("From an entry's decoding until it is joined with a waiting one; a sample")
            .serviceLevelObjectives(Buckets.bounds())
            .register(registry);
    loop.tellDelays(nanos -> delay.record(nanos, TimeUnit.NANOSECONDS));
    for (String stage : correlator.waiting().keySet()) {
      counted.gauge(
          "hoptoll.correlator.waiting",
          "Records that wait for others to come, by stage",
          "stage",
          stage,
          () -> correlator.waiting().get(stage));
    }
    counted.gauge("hoptoll.correlator.queued", "Records that wait", loop::queued);
    counted.add("hoptoll.correlator.dropped", "Records that found the queue full", loop::dropped);
    counted.add("hoptoll.correlator.shed", "Entries left out under load, by request", loop::shed);
    counted.gauge(
        "hoptoll.correlator.shedding.level",
        "0: all is kept; 1: requests cannot be looked up; each more: half as many are kept",
        loop::sheddingLevel);
    counted.add("hoptoll.correlator.failures", "Records whose handling threw", loop::failures);
  }
}
