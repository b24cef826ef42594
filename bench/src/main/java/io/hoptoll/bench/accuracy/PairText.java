package io.hoptoll.bench.accuracy;

import io.vertx.core.json.JsonObject;
import java.util.List;

/** Two faults at once: how often both were named, and how often one at least. */
final class PairText {
  private final List<Outcome> seen;
  private final int unseen;

  /**
   * @param pairs outcomes of two faults at once
   */
  PairText(List<Outcome> pairs) {
    this.seen = pairs.stream().filter(Outcome::counts).toList();
    this.unseen = pairs.size() - seen.size();
  }

  String toMarkdown() {
    if (seen.isEmpty()) {
      return "";
    }
    StringBuilder text = new StringBuilder("\n## Two faults at once\n");
    text.append("Both named, with party and cause, in any order: ")
        .append(both())
        .append("; one at least: ")
        .append(one())
        .append(".\n");
    if (unseen > 0) {
      text.append(unseen).append(" pairs were below sensitivity.\n");
    }
    return text.toString();
  }

  JsonObject toJson() {
    return new JsonObject()
        .put("pairs", seen.size())
        .put("both", both().hits())
        .put("one", one().hits());
  }

  private Wilson both() {
    return new Wilson(seen.stream().filter(o -> named(o) == 2).count(), seen.size());
  }

  private Wilson one() {
    return new Wilson(seen.stream().filter(o -> named(o) > 0).count(), seen.size());
  }

  private static long named(Outcome o) {
    return o.both().stream().filter(t -> t.getBoolean("named")).count();
  }
}
