package io.hoptoll.bench.accuracy;

import io.hoptoll.minimesh.fault.Truth;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * One case and what became of it, as a line of {@code cases.jsonl}.
 *
 * @param json of it all, so that a resumed run reports the same
 */
record Outcome(JsonObject json) {
  /** Right, wrong, or nothing that anyone could have seen. */
  enum Kind {
    RIGHT,
    WRONG,
    BELOW_SENSITIVITY
  }

  /**
   * @param truths one, or two of faults at once: then the case is right if both are named
   */
  static Outcome of(
      Case c, List<Truth> truths, Effect effect, Answer answer, double secondsToVerdict) {
    Truth truth = truths.get(0);
    Judge judge = Judge.of(truth, answer);
    Outcome outcome = of(c, truth, judge, effect, answer, secondsToVerdict);
    if (c.isPair()) {
      JsonArray all = new JsonArray();
      boolean named = true;
      for (Truth t : truths) {
        boolean is = Judge.isNamed(t, answer);
        all.add(truth(t).put("named", is));
        named &= is;
      }
      outcome.json.put("both", all).put("named", named);
    }
    return outcome;
  }

  private static Outcome of(
      Case c, Truth truth, Judge judge, Effect effect, Answer answer, double secondsToVerdict) {
    return new Outcome(
        new JsonObject()
            .put("type", "case")
            .put("key", c.key())
            .put("fault", c.kind().label())
            .put("hop", c.hop())
            .put("protocol", c.traffic().protocol().name())
            .put("connections", c.traffic().connections())
            .put("truth", truth(truth))
            .put("effect", effect(effect))
            .put("party", judge.party())
            .put("cause", judge.cause())
            .put("partyRight", judge.partyRight())
            .put("causeRight", judge.causeRight())
            .put("named", Judge.isNamed(truth, answer))
            .put("secondsToVerdict", secondsToVerdict)
            .put("answer", answer.digest()));
  }

  private static JsonObject truth(Truth t) {
    return new JsonObject()
        .put("party", t.party().name())
        .put("cause", t.cause().name())
        .put("from", t.from())
        .put("to", t.to())
        .put("seconds", (t.stopWallNanos() - t.startWallNanos()) / 1e9)
        .put("count", t.held().count())
        .put("totalMillis", t.held().totalNanos() / 1e6)
        .put("p50Millis", t.held().p50Nanos() / 1e6)
        .put("p99Millis", t.held().p99Nanos() / 1e6)
        .put("measured", t.measured());
  }

  private static JsonObject effect(Effect e) {
    return new JsonObject()
        .put("requests", e.requests())
        .put("failed", e.failed())
        .put("p50Millis", e.p50Nanos() / 1e6)
        .put("p99Millis", e.p99Nanos() / 1e6)
        .put("above", e.isAbove());
  }

  String key() {
    return json.getString("key");
  }

  /** A fault that nobody could see is none to judge by, unless it was named all the same. */
  Kind kind() {
    boolean right = isPair() ? json.getBoolean("named") : partyRight() && causeRight();
    if (right) {
      return Kind.RIGHT;
    }
    return effect().getBoolean("above") ? Kind.WRONG : Kind.BELOW_SENSITIVITY;
  }

  /** Of two faults at once. */
  boolean isPair() {
    return json.containsKey("both");
  }

  /** The truths of two faults at once, each with whether it was named. */
  List<JsonObject> both() {
    return json.getJsonArray("both", new JsonArray()).stream().map(JsonObject.class::cast).toList();
  }

  boolean counts() {
    return kind() != Kind.BELOW_SENSITIVITY;
  }

  boolean partyRight() {
    return json.getBoolean("partyRight");
  }

  boolean causeRight() {
    return json.getBoolean("causeRight");
  }

  JsonObject truth() {
    return json.getJsonObject("truth");
  }

  JsonObject effect() {
    return json.getJsonObject("effect");
  }

  JsonObject answer() {
    return json.getJsonObject("answer");
  }

  String text(String field) {
    return String.valueOf(json.getValue(field));
  }

  /** Negative where no answer was right. */
  double secondsToVerdict() {
    return json.getDouble("secondsToVerdict");
  }

  List<JsonObject> findings() {
    return answer().getJsonArray("findings", new JsonArray()).stream()
        .map(JsonObject.class::cast)
        .toList();
  }

  List<JsonObject> legs() {
    return answer().getJsonArray("legs", new JsonArray()).stream()
        .map(JsonObject.class::cast)
        .toList();
  }
}
