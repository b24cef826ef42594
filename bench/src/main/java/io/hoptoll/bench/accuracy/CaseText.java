package io.hoptoll.bench.accuracy;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Single cases in words: those that were wrong, and those that nobody could have seen. */
final class CaseText {
  private static final int LEGS = 4;

  private final List<Outcome> outcomes;
  private final Map<String, String> reasons;

  /**
   * @param reasons why a case was wrong, by its key, where someone found out
   */
  CaseText(List<Outcome> outcomes, Map<String, String> reasons) {
    this.outcomes = outcomes;
    this.reasons = reasons;
  }

  String wrong() {
    List<Outcome> wrong = of(Outcome.Kind.WRONG);
    StringBuilder text = new StringBuilder("\n## Wrong\n").append(wrong.isEmpty() ? "None.\n" : "");
    wrong.forEach(o -> text.append(one(o)));
    return text.toString();
  }

  String below() {
    List<Outcome> below = of(Outcome.Kind.BELOW_SENSITIVITY);
    StringBuilder text =
        new StringBuilder("\n## Below sensitivity\n")
            .append("The requests' own times grew by less than a verdict needs")
            .append(" (`Sensitivity`), or too few failed.\n\n");
    below.forEach(
        o ->
            text.append("- `")
                .append(o.key())
                .append("`: ")
                .append(effect(o))
                .append("; said: ")
                .append(o.answer().getString("headline"))
                .append('\n'));
    return below.isEmpty() ? "" : text.toString();
  }

  private List<Outcome> of(Outcome.Kind kind) {
    return outcomes.stream().filter(o -> o.kind() == kind).toList();
  }

  private String one(Outcome o) {
    StringBuilder text = new StringBuilder("\n### `").append(o.key()).append("`\n");
    String why = reasons.get(o.key());
    text.append(why == null ? "" : "- why: " + why + "\n");
    List<JsonObject> truths = o.isPair() ? o.both() : List.of(o.truth());
    text.append("- truth: ")
        .append(truths.stream().map(CaseText::truth).collect(Collectors.joining("; and ")))
        .append("; ")
        .append(effect(o))
        .append("\n- said: ")
        .append(o.answer().getString("headline"))
        .append(
            !o.isPair() && Boolean.TRUE.equals(o.json().getBoolean("named"))
                ? " (the truth is further down)"
                : "")
        .append(first(o))
        .append('\n');
    o.findings().stream().limit(3).forEach(f -> text.append(finding(f)));
    String legs =
        o.legs().stream().limit(LEGS).map(CaseText::leg).collect(Collectors.joining("; "));
    return text.append("- legs: ").append(legs).append('\n').toString();
  }

  private static String truth(JsonObject truth) {
    return truth.getString("party")
        + ' '
        + truth.getString("cause")
        + ", "
        + truth.getString("from")
        + " → "
        + truth.getString("to")
        + held(truth)
        + (Boolean.FALSE.equals(truth.getBoolean("named")) ? " NOT NAMED" : "");
  }

  /** An answer that was right once, and then was not any more. */
  private static String first(Outcome o) {
    return o.secondsToVerdict() < 0
        ? ""
        : String.format(Locale.ROOT, "; it was right after %.1f s", o.secondsToVerdict());
  }

  private static String held(JsonObject truth) {
    return String.format(
        Locale.ROOT,
        " (%d held, p50 %.1f ms, %.0f ms in all)",
        truth.getLong("count"),
        truth.getDouble("p50Millis"),
        truth.getDouble("totalMillis"));
  }

  private static String effect(Outcome o) {
    JsonObject e = o.effect();
    return String.format(
        Locale.ROOT,
        "%d requests, %d failed, p50 %+.1f ms, p99 %+.1f ms",
        e.getLong("requests"),
        e.getLong("failed"),
        e.getDouble("p50Millis"),
        e.getDouble("p99Millis"));
  }

  private static String finding(JsonObject f) {
    JsonArray evidence = f.getJsonArray("evidence", new JsonArray());
    String words = evidence.stream().map(String::valueOf).collect(Collectors.joining("; "));
    return String.format(
        Locale.ROOT,
        "- finding: %s %s of %s, %+.1f ms: %s%n",
        f.getString("party"),
        f.getString("cause"),
        f.getString("actor"),
        f.getDouble("excessNanos") / 1e6,
        words);
  }

  private static String leg(JsonObject leg) {
    JsonObject edge = leg.getJsonObject("edge");
    return String.format(
        Locale.ROOT,
        "%s of %s → %s %.1f ms (%+.1f)",
        leg.getString("leg"),
        edge.getString("client"),
        edge.getString("server"),
        leg.getDouble("nanos") / 1e6,
        leg.getDouble("excessNanos") / 1e6);
  }
}
