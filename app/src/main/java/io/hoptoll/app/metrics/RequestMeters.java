package io.hoptoll.app.metrics;

import io.hoptoll.correlator.FinishedRequest;
import io.hoptoll.model.Party;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Every request by path: its total as a histogram, and what of it each party owns on the critical
 * path, as sums. On the correlator's thread.
 */
final class RequestMeters {
  private static final Party[] PARTIES = Party.values();

  /**
   * @param parties by ordinal
   */
  private record PathMeters(Timer total, List<Counter> parties, Counter errors) {}

  private final MeterRegistry registry;
  private final Labels<String, PathMeters> paths;

  RequestMeters(MeterRegistry registry, int pathLimit) {
    this.registry = registry;
    this.paths =
        new Labels<>(registry, "path", pathLimit, this::meters, () -> meters(Labels.OTHER));
  }

  void request(FinishedRequest request) {
    PathMeters meters = paths.of(request.path());
    meters.total().record(request.totalNanos(), TimeUnit.NANOSECONDS);
    for (Party party : PARTIES) {
      long nanos = request.nanosOf(party);
      if (nanos != 0) {
        meters.parties().get(party.ordinal()).increment(nanos / 1e9);
      }
    }
    if (request.root().hop().outer().span().isError()) {
      meters.errors().increment();
    }
  }

  private PathMeters meters(String path) {
    List<Counter> parties = new ArrayList<>(PARTIES.length);
    for (Party party : PARTIES) {
      parties.add(
          Counter.builder("hoptoll.request.party.seconds")
              .description("Time of requests on the critical path, by the party that owns it")
              .tag("path", path)
              .tag("party", LegMeters.label(party))
              .register(registry));
    }
    return new PathMeters(total(path), parties, errors(path));
  }

  private Timer total(String path) {
    return Timer.builder("hoptoll.request")
        .description("Total of a request, from the outermost mark that was seen")
        .tag("path", path)
        .serviceLevelObjectives(Buckets.bounds())
        .register(registry);
  }

  private Counter errors(String path) {
    return Counter.builder("hoptoll.request.errors")
        .description("Requests answered by 5xx, 429 or a failing gRPC status, or not at all")
        .tag("path", path)
        .register(registry);
  }
}
