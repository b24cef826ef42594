package io.hoptoll.app.metrics;

import io.hoptoll.correlator.FinishedRequest;
import io.hoptoll.model.OneWriterCounts;
import io.hoptoll.model.Party;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import org.jspecify.annotations.Nullable;

/**
 * Every request by path: its total as a histogram, and what of it each party owns on the critical
 * path, as sums. On the correlator's thread.
 */
final class RequestMeters {
  private static final Party[] PARTIES = Party.values();
  private static final int ERRORS = PARTIES.length;
  private static final String HELP = "Total of a request, from the outermost mark that was seen";

  /**
   * @param counts nanoseconds of each party by ordinal, then {@link #ERRORS}
   */
  private record PathMeters(DurationMeter total, OneWriterCounts counts) {}

  private final TimeHistograms histograms = new TimeHistograms("hoptoll_request_seconds", HELP);
  private final MeterRegistry registry;
  private final @Nullable MeterRegistry others;
  private final Labels<String, PathMeters> paths;

  /**
   * @param registry gets the sums
   * @param prometheus gets the histograms
   * @param others gets those as well; null: there is none
   */
  RequestMeters(
      MeterRegistry registry,
      PrometheusRegistry prometheus,
      @Nullable MeterRegistry others,
      int pathLimit) {
    this.registry = registry;
    this.others = others;
    this.paths =
        new Labels<>(registry, "path", pathLimit, this::meters, () -> meters(Labels.OTHER));
    prometheus.register(histograms);
  }

  void request(FinishedRequest request) {
    PathMeters meters = paths.of(request.path());
    meters.total().record(request.totalNanos());
    for (Party party : PARTIES) {
      long nanos = request.nanosOf(party);
      if (nanos != 0) {
        meters.counts().add(party.ordinal(), nanos);
      }
    }
    if (request.root().hop().outer().span().isError()) {
      meters.counts().add(ERRORS, 1);
    }
  }

  private PathMeters meters(String path) {
    OneWriterCounts counts = new OneWriterCounts(PARTIES.length + 1);
    for (Party party : PARTIES) {
      FunctionCounter.builder(
              "hoptoll.request.party.seconds", counts, c -> c.get(party.ordinal()) / 1e9)
          .description("Time of requests on the critical path, by the party that owns it")
          .tag("path", path)
          .tag("party", LegMeters.label(party))
          .register(registry);
    }
    FunctionCounter.builder("hoptoll.request.errors", counts, c -> c.get(ERRORS))
        .description("Requests answered by 5xx, 429 or a failing gRPC status, or not at all")
        .tag("path", path)
        .register(registry);
    TimeHistogram histogram =
        histograms.of(io.prometheus.metrics.model.snapshots.Labels.of("path", path));
    return new PathMeters(
        new DurationMeter(histogram, others == null ? null : total(others, path)), counts);
  }

  private static Timer total(MeterRegistry registry, String path) {
    return Timer.builder("hoptoll.request")
        .description(HELP)
        .tag("path", path)
        .serviceLevelObjectives(Buckets.bounds())
        .register(registry);
  }
}
