package io.hoptoll.app.metrics;

import io.hoptoll.app.watch.PathState;
import io.hoptoll.correlator.Traffic.TailPart;
import io.hoptoll.correlator.Verdict;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Verdicts and the composition of the tail as gauges; a row is there while its path is judged. */
final class VerdictMeters {
  private final MultiGauge excess;
  private final MultiGauge degraded;
  private final MultiGauge coverage;
  private final MultiGauge confidence;
  private final MultiGauge tail;

  VerdictMeters(MeterRegistry registry) {
    excess =
        gauge(
            registry,
            "hoptoll.verdict.excess.seconds",
            "Growth against the baseline, a request, that a verdict blames on a cause");
    degraded = gauge(registry, "hoptoll.path.degraded", "1 where the verdict is DEGRADED");
    coverage =
        gauge(
            registry,
            "hoptoll.path.coverage.ratio",
            "Part of the path's time that one party owns; low: sources are missing");
    confidence = gauge(registry, "hoptoll.path.confidence.ratio", "How sure the verdict is");
    tail =
        gauge(
            registry,
            "hoptoll.path.tail.ratio",
            "Part of the time that a party owns, in the requests between two ranks of the total");
  }

  void show(List<PathState> states) {
    List<MultiGauge.Row<?>> causes = new ArrayList<>();
    List<MultiGauge.Row<?>> parts = new ArrayList<>();
    for (PathState state : states) {
      findings(state.verdict(), causes);
      state.tail().forEach(part -> parts(state.verdict().path(), part, parts));
    }
    excess.register(causes, true);
    tail.register(parts, true);
    degraded.register(rows(states, v -> v.status() == Verdict.Status.DEGRADED ? 1 : 0), true);
    coverage.register(rows(states, v -> v.confidence().coverage()), true);
    confidence.register(rows(states, v -> v.confidence().value()), true);
  }

  private static void findings(Verdict verdict, List<MultiGauge.Row<?>> rows) {
    for (Verdict.Finding f : verdict.findings()) {
      Tags tags =
          Tags.of(
              "path", verdict.path(),
              "party", LegMeters.label(f.party()),
              "cause", LegMeters.label(f.cause()),
              "actor", f.actor().name());
      rows.add(MultiGauge.Row.of(tags, f.excessNanos() / 1e9));
    }
  }

  private static void parts(String path, TailPart part, List<MultiGauge.Row<?>> rows) {
    double total = part.summary().meanNanos();
    String ranks = String.format(Locale.ROOT, "%s-%s", part.fromRank(), part.toRank());
    part.summary()
        .parties()
        .forEach(
            (party, nanos) ->
                rows.add(
                    MultiGauge.Row.of(
                        Tags.of("path", path, "party", LegMeters.label(party), "ranks", ranks),
                        total > 0 ? nanos / total : 0)));
  }

  private static List<MultiGauge.Row<?>> rows(
      List<PathState> states, ToDoubleFunction<Verdict> value) {
    List<MultiGauge.Row<?>> rows = new ArrayList<>();
    for (PathState state : states) {
      double number = value.applyAsDouble(state.verdict());
      rows.add(MultiGauge.Row.of(Tags.of("path", state.verdict().path()), number));
    }
    return rows;
  }

  private static MultiGauge gauge(MeterRegistry registry, String name, String help) {
    return MultiGauge.builder(name).description(help).register(registry);
  }
}
