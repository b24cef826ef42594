package io.hoptoll.bench.accuracy;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;

/** How often party and cause were right: of all, and by each dimension. */
final class RateTable {
  private record Dimension(String name, Function<Outcome, String> of) {}

  private static final List<Dimension> DIMENSIONS =
      List.of(
          new Dimension("all", o -> ""),
          new Dimension("party", o -> o.truth().getString("party")),
          new Dimension("protocol", o -> o.text("protocol")),
          new Dimension("connections", o -> o.text("connections")),
          new Dimension("hop", o -> o.text("hop")),
          new Dimension("fault", o -> o.text("fault")));

  private final List<Outcome> outcomes;

  RateTable(List<Outcome> outcomes) {
    this.outcomes = outcomes;
  }

  private interface Row {
    void row(String name, String value, Wilson party, Wilson cause);
  }

  private void rows(Row row) {
    for (Dimension d : DIMENSIONS) {
      for (String value : new TreeSet<>(outcomes.stream().map(d.of()).toList())) {
        List<Outcome> of = outcomes.stream().filter(o -> d.of().apply(o).equals(value)).toList();
        long party = of.stream().filter(Outcome::partyRight).count();
        long cause = of.stream().filter(Outcome::causeRight).count();
        row.row(d.name(), value, new Wilson(party, of.size()), new Wilson(cause, of.size()));
      }
    }
  }

  String toMarkdown() {
    StringBuilder text =
        new StringBuilder("| | right party | right cause |\n| --- | --- | --- |\n");
    rows(
        (name, value, party, cause) ->
            text.append("| ")
                .append(value.isEmpty() ? "**" + name + "**" : name + " " + value)
                .append(" | ")
                .append(party)
                .append(" | ")
                .append(cause)
                .append(" |\n"));
    return text.toString();
  }

  JsonObject toJson() {
    JsonObject json = new JsonObject();
    rows(
        (name, value, party, cause) ->
            json.put(
                (name + " " + value).strip(),
                new JsonObject().put("party", json(party)).put("cause", json(cause))));
    return json;
  }

  private static JsonObject json(Wilson w) {
    return new JsonObject()
        .put("hits", w.hits())
        .put("trials", w.trials())
        .put("share", w.share())
        .put("low", w.low())
        .put("high", w.high());
  }
}
