package io.hoptoll.bench.accuracy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.minimesh.fault.FaultKind;
import io.hoptoll.minimesh.fault.Truth;
import io.hoptoll.model.Cause;
import io.hoptoll.model.Party;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CaseLogTest {
  private static final Traffic TRAFFIC = new Traffic(Protocol.HTTP1, 8);
  private static final Case CASE = new Case(FaultKind.SLOW_APP, Party.SERVER_APP, 2, TRAFFIC);

  @Test
  void aRunThatWasKilledInTheMiddleOfALineGoesOn(@TempDir Path dir) throws Exception {
    CaseLog log = CaseLog.fresh(dir, run());
    log.append(watch().toJson());
    log.append(outcome().json());
    Files.writeString(dir.resolve("cases.jsonl"), "{\"type\":\"ca", StandardOpenOption.APPEND);
    CaseLog again = CaseLog.resumed(dir);
    assertEquals(7, again.run().getLong("seed"));
    assertEquals(Set.of(CASE.key()), again.done());
    again.append(watch().toJson());
    CaseLog last = CaseLog.resumed(dir);
    assertEquals(2, last.watches().size());
    assertEquals(TRAFFIC, last.watches().get(0).traffic());
    assertEquals(40, last.watches().get(1).seen().joined());
  }

  @Test
  void itsReportSaysWhatWasWrong(@TempDir Path dir) throws Exception {
    CaseLog log = CaseLog.fresh(dir, run());
    log.append(watch().toJson());
    log.append(outcome().json());
    Report report = new Report(log, 2);
    report.write(dir);
    String text = Files.readString(dir.resolve("accuracy.md"));
    assertTrue(text.contains("1 of 2 cases"), text);
    assertTrue(text.contains("0.0 % (0.0–79.3; 0 of 1)"), text);
    assertTrue(text.contains("truth: SERVER_APP APP_SERVICE_TIME, hop1-v1 → hop2-v1"), text);
    assertTrue(text.contains("said: healthy: nothing grew"), text);
    assertTrue(text.contains("| HTTP1 | 97.6 % (87.4–99.6; 40 of 41) |"), text);
    JsonObject json = new JsonObject(Files.readString(dir.resolve("accuracy.json")));
    assertEquals(1, json.getJsonArray("cases").size());
  }

  @Test
  void ofTwoAtOnceBothMustBeNamed(@TempDir Path dir) throws Exception {
    Case other = new Case(FaultKind.TRANSPORT_DELAY, Party.TRANSPORT, 3, TRAFFIC);
    Case pair = new Case(CASE.kind(), CASE.party(), CASE.hop(), TRAFFIC, other);
    CaseLog log = CaseLog.fresh(dir, run());
    log.append(outcome(pair, finding("SERVER_APP", "APP_SERVICE_TIME")).json());
    JsonObject both = finding("TRANSPORT", "TRANSPORT_RTT");
    both.getJsonArray("findings")
        .getJsonObject(0)
        .getJsonObject("edge")
        .put("client", "hop2-v1.default")
        .put("server", "hop3-v1.default");
    both.getJsonArray("findings")
        .add(finding("SERVER_APP", "APP_SERVICE_TIME").getJsonArray("findings").getValue(0));
    log.append(outcome(pair, both).json());
    Files.writeString(dir.resolve("why.txt"), pair.key() + " = the wire hid behind the app\n");
    String text = new Report(CaseLog.resumed(dir), 2).toMarkdown();

    assertTrue(text.contains("in any order: 50.0 %"), text);
    assertTrue(text.contains("one at least: 100.0 %"), text);
    assertTrue(
        text.contains("hop2-v1 → hop3-v1 (100 held, p50 20.0 ms, 2000 ms in all) NOT"), text);
    assertTrue(text.contains("- why: the wire hid behind the app"), text);
  }

  private static JsonObject finding(String party, String cause) {
    JsonObject edge = new JsonObject().put("client", "hop1-v1.default").put("server", "hop2-v1");
    JsonObject finding =
        new JsonObject()
            .put("party", party)
            .put("cause", cause)
            .put("edge", edge)
            .put("actor", "hop2-v1")
            .put("excessNanos", 2e7);
    return new JsonObject()
        .put("status", "DEGRADED")
        .put("headline", cause)
        .put("party", party)
        .put("cause", cause)
        .put("findings", new JsonArray().add(finding));
  }

  private static Outcome outcome(Case pair, JsonObject said) {
    Truth app = truth(Party.SERVER_APP, Cause.APP_SERVICE_TIME, "hop1-v1", "hop2-v1");
    Truth wire = truth(Party.TRANSPORT, Cause.TRANSPORT_RTT, "hop2-v1", "hop3-v1");
    Effect effect = new Effect(100, 0, 2e7, 2e7, true);
    return Outcome.of(pair, List.of(app, wire), effect, new Answer(said), -1);
  }

  private static JsonObject run() {
    return new JsonObject()
        .put("design", "pairwise")
        .put("seed", 7L)
        .put("begun", "2026-01-01T00:00:00Z")
        .put("kernel", "6.16")
        .put("cpus", 2);
  }

  private static Watch watch() {
    return new Watch(
        TRAFFIC, 6, 1, List.of(), new Witness.Seen(List.of(), 41, 40, new LegErrors()));
  }

  private static Outcome outcome() {
    Truth truth = truth(Party.SERVER_APP, Cause.APP_SERVICE_TIME, "hop1-v1", "hop2-v1");
    Effect effect = new Effect(100, 0, 2e7, 2e7, true);
    JsonObject said =
        new JsonObject().put("status", "HEALTHY").put("headline", "healthy: nothing grew");
    return Outcome.of(CASE, List.of(truth), effect, new Answer(said), -1);
  }

  private static Truth truth(Party party, Cause cause, String from, String to) {
    Truth.Held held = new Truth.Held(100, 2_000_000_000, 20_000_000, 21_000_000);
    return new Truth("fault", party, cause, from, to, 0, 5_000_000_000L, held, "requests held");
  }
}
