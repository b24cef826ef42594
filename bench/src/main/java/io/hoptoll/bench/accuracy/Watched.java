package io.hoptoll.bench.accuracy;

import io.hoptoll.bench.accuracy.LegErrors.Measure;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.HdrHistogram.Histogram;

/** What was measured beside the verdicts: legs, joins, time to the verdict, false alarms. */
final class Watched {
  private final List<Watch> watches;
  private final List<Outcome> counted;

  Watched(List<Watch> watches, List<Outcome> counted) {
    this.watches = watches;
    this.counted = counted;
  }

  String toMarkdown() {
    StringBuilder text = new StringBuilder("\n## Legs against what the apps timed\n");
    text.append("Absolute error, µs: p50 / p99 of so many calls.\n\n| |");
    for (Measure m : Measure.values()) {
      text.append(' ').append(m.name().toLowerCase(Locale.ROOT)).append(" |");
    }
    text.append("\n| --- |").append(" --- |".repeat(Measure.values().length)).append('\n');
    for (int connections : Traffic.CONNECTIONS) {
      legs(text, connections, true);
      legs(text, connections, false);
    }
    text.append("\n## Joined\n| | calls with both sidecars and both apps |\n| --- | --- |\n");
    for (Protocol p : Protocol.values()) {
      row(text, p.name(), w -> w.traffic().protocol() == p);
    }
    for (int n : Traffic.CONNECTIONS) {
      row(text, n + " connections", w -> w.traffic().connections() == n);
    }
    return text.append(verdicts()).append(alarms()).toString();
  }

  private void legs(StringBuilder text, int connections, boolean well) {
    LegErrors sum = errors(connections, well);
    String when = well ? " connections, well |" : " connections, a fault |";
    text.append("| ").append(connections).append(when);
    for (Measure m : Measure.values()) {
      text.append(' ').append(cell(sum.of(m))).append(" |");
    }
    text.append('\n');
  }

  private LegErrors errors(int connections, boolean well) {
    LegErrors sum = new LegErrors();
    watches.stream()
        .filter(w -> w.traffic().connections() == connections && w.healthySeconds() > 0 == well)
        .forEach(w -> sum.add(w.seen().errors()));
    return sum;
  }

  private static String cell(Histogram h) {
    return h.getTotalCount() == 0
        ? "none"
        : String.format(
            Locale.ROOT,
            "%.0f / %.0f (%d)",
            h.getValueAtPercentile(50) / 1e3,
            h.getValueAtPercentile(99) / 1e3,
            h.getTotalCount());
  }

  private void row(StringBuilder text, String name, Predicate<Watch> of) {
    Wilson joined = joined(of);
    if (joined.trials() > 0) {
      text.append("| ").append(name).append(" | ").append(joined).append(" |\n");
    }
  }

  /** Hops come seconds after their calls, so ends of a session may have one more than calls. */
  private Wilson joined(Predicate<Watch> of) {
    long calls = watches.stream().filter(of).mapToLong(w -> w.seen().calls()).sum();
    long joined = watches.stream().filter(of).mapToLong(w -> w.seen().joined()).sum();
    return new Wilson(Math.min(calls, joined), calls);
  }

  private String verdicts() {
    double[] seconds = secondsToVerdict();
    if (seconds.length == 0) {
      return "";
    }
    return String.format(
        Locale.ROOT,
        "%n## Time to the verdict%nFrom the start of the fault to the first right answer, asked every"
            + " half second: p50 %.1f s, p90 %.1f s, longest %.1f s; within 5 s: %s.%n",
        seconds[seconds.length / 2],
        seconds[(int) (0.9 * (seconds.length - 1))],
        seconds[seconds.length - 1],
        new Wilson(within(seconds, 5), counted.size()));
  }

  private double[] secondsToVerdict() {
    return counted.stream()
        .mapToDouble(Outcome::secondsToVerdict)
        .filter(s -> s >= 0)
        .sorted()
        .toArray();
  }

  private static long within(double[] seconds, double limit) {
    return java.util.Arrays.stream(seconds).filter(s -> s <= limit).count();
  }

  private String alarms() {
    double healthy = watches.stream().mapToDouble(Watch::healthySeconds).sum();
    int asks = watches.stream().mapToInt(Watch::asks).sum();
    List<String> alarms = watches.stream().flatMap(w -> w.alarms().stream()).toList();
    StringBuilder text =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "%n## False alarms%nIn %.1f min without a fault: %s of the asks.%n",
                healthy / 60,
                new Wilson(alarms.size(), asks)));
    alarms.forEach(a -> text.append("- ").append(a).append('\n'));
    return text.toString();
  }

  JsonObject toJson() {
    JsonObject legs = new JsonObject();
    for (int n : Traffic.CONNECTIONS) {
      legs.put(n + " connections, well", json(errors(n, true)));
      legs.put(n + " connections, a fault", json(errors(n, false)));
    }
    Wilson joined = joined(w -> true);
    JsonArray alarms = new JsonArray();
    watches.forEach(w -> w.alarms().forEach(alarms::add));
    return new JsonObject()
        .put("legErrorNanos", legs)
        .put("calls", joined.trials())
        .put("joined", joined.hits())
        .put(
            "secondsToVerdict",
            new JsonArray(java.util.Arrays.stream(secondsToVerdict()).boxed().toList()))
        .put("healthySeconds", watches.stream().mapToDouble(Watch::healthySeconds).sum())
        .put("healthyAsks", watches.stream().mapToInt(Watch::asks).sum())
        .put("falseAlarms", alarms);
  }

  private static JsonObject json(LegErrors errors) {
    JsonObject of = new JsonObject();
    for (Measure m : Measure.values()) {
      of.put(m.name(), json(errors.of(m)));
    }
    return of;
  }

  private static JsonObject json(Histogram h) {
    return new JsonObject()
        .put("calls", h.getTotalCount())
        .put("p50", h.getValueAtPercentile(50))
        .put("p99", h.getValueAtPercentile(99));
  }
}
