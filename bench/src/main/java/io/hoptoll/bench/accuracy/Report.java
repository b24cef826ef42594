package io.hoptoll.bench.accuracy;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** All of a run as Markdown and as JSON. */
final class Report {
  private final CaseLog log;
  private final int designed;
  private final List<Outcome> outcomes;

  /** Of single faults, those that anyone could have seen. */
  private final List<Outcome> counted;

  private final PairText pairs;

  Report(CaseLog log, int designed) {
    this.log = log;
    this.designed = designed;
    this.outcomes = log.outcomes();
    this.counted = outcomes.stream().filter(o -> o.counts() && !o.isPair()).toList();
    this.pairs = new PairText(outcomes.stream().filter(Outcome::isPair).toList());
  }

  void write(Path dir) throws IOException {
    Files.writeString(dir.resolve("accuracy.md"), toMarkdown());
    Files.writeString(dir.resolve("accuracy.json"), toJson().encodePrettily());
  }

  String toMarkdown() {
    JsonObject run = log.run();
    StringBuilder text = new StringBuilder("# Accuracy\n\n");
    text.append(run.getString("begun"))
        .append(", kernel ")
        .append(run.getString("kernel"))
        .append(", ")
        .append(run.getInteger("cpus"))
        .append(" CPUs, `./hoptoll bench accuracy")
        .append(option(run.getString("design")))
        .append(" --seed ")
        .append(run.getLong("seed"))
        .append("`: ")
        .append(outcomes.size())
        .append(" of ")
        .append(designed)
        .append(" cases.\n\n");
    text.append("Shares with their 95 % intervals (Wilson). A party is right if it is the right ")
        .append("process or wire, a cause if its party is right too.\n\n");
    text.append(new RateTable(counted).toMarkdown());
    text.append(pairs.toMarkdown());
    text.append("\n## Party\n").append(confusion("party").toMarkdown("truth ↓ said →"));
    text.append("\n## Cause\n").append(confusion("cause").toMarkdown("truth ↓ said →"));
    Watched watched = new Watched(log.watches(), counted);
    text.append(watched.toMarkdown());
    text.append(new CountText(log.counts()).toMarkdown());
    CaseText cases = new CaseText(outcomes, log.reasons());
    return text.append(cases.wrong()).append(cases.below()).toString();
  }

  private static String option(String design) {
    return design.equals("pairwise") ? "" : " --" + design;
  }

  private JsonObject toJson() {
    JsonArray all = new JsonArray();
    outcomes.forEach(o -> all.add(o.json()));
    return new JsonObject()
        .put("run", log.run())
        .put("designed", designed)
        .put("rates", new RateTable(counted).toJson())
        .put("party", new JsonObject(confusion("party").toJson()))
        .put("cause", new JsonObject(confusion("cause").toJson()))
        .put("pairs", pairs.toJson())
        .put("watched", new Watched(log.watches(), counted).toJson())
        .put("counts", new JsonArray(log.counts()))
        .put("cases", all);
  }

  private Confusion confusion(String field) {
    Confusion confusion = new Confusion();
    counted.forEach(o -> confusion.add(o.truth().getString(field), o.text(field)));
    return confusion;
  }
}
