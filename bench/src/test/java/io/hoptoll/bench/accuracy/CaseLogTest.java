package io.hoptoll.bench.accuracy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.minimesh.fault.FaultKind;
import io.hoptoll.minimesh.fault.Truth;
import io.hoptoll.model.Cause;
import io.hoptoll.model.Party;
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
    Truth.Held held = new Truth.Held(100, 2_000_000_000, 20_000_000, 21_000_000);
    Truth truth =
        new Truth(
            "slow-app",
            Party.SERVER_APP,
            Cause.APP_SERVICE_TIME,
            "hop1-v1",
            "hop2-v1",
            0,
            5_000_000_000L,
            held,
            "requests held");
    Effect effect = new Effect(100, 0, 2e7, 2e7, true);
    JsonObject said =
        new JsonObject().put("status", "HEALTHY").put("headline", "healthy: nothing grew");
    return Outcome.of(CASE, truth, effect, new Answer(said), -1);
  }
}
