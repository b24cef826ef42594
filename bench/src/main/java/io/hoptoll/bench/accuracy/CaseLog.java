package io.hoptoll.bench.accuracy;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** {@code cases.jsonl}: a line for the run, then one as each case ends. A run resumes from it. */
final class CaseLog {
  private final Path file;
  private final List<JsonObject> lines = new ArrayList<>();

  private CaseLog(Path file) {
    this.file = file;
  }

  /** A new log; what was in the file is gone. */
  static CaseLog fresh(Path dir, JsonObject run) throws IOException {
    Files.createDirectories(dir);
    CaseLog log = new CaseLog(file(dir));
    Files.deleteIfExists(log.file);
    log.append(run.put("type", "run"));
    return log;
  }

  /**
   * The log of a run that was ended early.
   *
   * @throws IOException where there is none
   */
  static CaseLog resumed(Path dir) throws IOException {
    CaseLog log = new CaseLog(file(dir));
    for (String line : Files.readAllLines(log.file)) {
      if (line.endsWith("}")) { // the last one may be cut
        log.lines.add(new JsonObject(line));
      }
    }
    Files.write(log.file, log.lines.stream().map(JsonObject::encode).toList());
    return log;
  }

  static boolean isIn(Path dir) {
    return Files.isRegularFile(file(dir));
  }

  private static Path file(Path dir) {
    return dir.resolve("cases.jsonl");
  }

  /**
   * Why cases were wrong: {@code why.txt} beside the log, a line each, {@code KEY = REASON}.
   * Written by hand, after the run; {@code --resume --minutes 0} reports again.
   */
  Map<String, String> reasons() {
    Path why = file.resolveSibling("why.txt");
    Map<String, String> reasons = new HashMap<>();
    try {
      for (String line : Files.isRegularFile(why) ? Files.readAllLines(why) : List.<String>of()) {
        int end = line.indexOf(" = ");
        if (end > 0) {
          reasons.put(line.substring(0, end).strip(), line.substring(end + 3).strip());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return reasons;
  }

  void append(JsonObject line) throws IOException {
    lines.add(line);
    Files.writeString(
        file, line.encode() + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  JsonObject run() {
    return lines.get(0);
  }

  List<Outcome> outcomes() {
    return of("case").map(Outcome::new).toList();
  }

  List<Watch> watches() {
    return of("watch").map(Watch::of).toList();
  }

  /** The product's own counters at the end of each session. */
  List<JsonObject> counts() {
    return of("counts").toList();
  }

  Set<String> done() {
    return outcomes().stream().map(Outcome::key).collect(Collectors.toSet());
  }

  private java.util.stream.Stream<JsonObject> of(String type) {
    return lines.stream().filter(l -> type.equals(l.getString("type")));
  }
}
