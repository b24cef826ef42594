package io.hoptoll.bench.accuracy;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code hoptoll bench accuracy}: faults under load in the minimesh, the API's answers, the truth.
 * Exit 0 if it ran to its end, whatever the answers were; 6 if cases are left for {@code --resume}.
 */
@Command(
    name = "accuracy",
    mixinStandardHelpOptions = true,
    description = "Faults under load: how often is the answer right?")
public final class Accuracy implements Callable<Integer> {
  private static final int CASES_LEFT = 6;

  @Option(names = "--smoke", description = "seven cases in three minutes")
  private boolean smoke;

  @Option(
      names = "--full",
      description = "each fault x place x load x protocol: hours (default: a pairwise design)")
  private boolean full;

  @Option(names = "--seed", description = "chooses and orders cases (default: ${DEFAULT-VALUE})")
  private long seed = 1;

  @Option(names = "--minutes", description = "stop after so long; go on with --resume")
  private double minutes = 90;

  @Option(names = "--only", description = "cases whose key contains this, such as slow-app/")
  private @Nullable String only;

  @Option(
      names = "--healthy",
      description = "no faults: watch a healthy mesh for so many minutes (with --resume: added)")
  private double healthyMinutes;

  @Option(
      names = "--out",
      description = "for cases.jsonl, accuracy.md, accuracy.json (${DEFAULT-VALUE})")
  private Path dir = Path.of("bench", "target", "accuracy");

  @Option(names = "--resume", description = "go on with the run in --out: its seed, its cases")
  private boolean resume;

  private final PrintStream out = System.out;

  @Override
  public Integer call() throws Exception {
    CaseLog log = resume && CaseLog.isIn(dir) ? CaseLog.resumed(dir) : CaseLog.fresh(dir, run());
    List<Case> design = design(log.run());
    Set<String> done = log.done();
    List<Case> left =
        design.stream()
            .filter(c -> !done.contains(c.key()))
            .filter(c -> only == null || c.key().contains(only))
            .toList();
    out.printf(
        "accuracy: %s, seed %d, %d cases, %d done, log %s%n",
        log.run().getString("design"), log.run().getLong("seed"), design.size(), done.size(), dir);
    long until = System.nanoTime() + (long) (minutes * TimeUnit.MINUTES.toNanos(1));
    Runner runner = new Runner(log, new Progress(out, left.size()), until);
    if (healthyMinutes > 0) {
      runner.watch(healthyMinutes);
    }
    boolean ended = healthyMinutes > 0 || runner.run(left);
    report(log, design.size());
    return ended ? 0 : CASES_LEFT;
  }

  private JsonObject run() {
    return new JsonObject()
        .put("design", smoke ? "smoke" : full ? "full" : "pairwise")
        .put("seed", seed)
        .put("begun", Instant.now().toString())
        .put("kernel", System.getProperty("os.version"))
        .put("cpus", Runtime.getRuntime().availableProcessors());
  }

  private static List<Case> design(JsonObject run) {
    long seed = run.getLong("seed");
    return switch (run.getString("design")) {
      case "smoke" -> CaseGenerator.smoke();
      case "full" -> CaseGenerator.full(seed);
      default -> CaseGenerator.pairwise(seed);
    };
  }

  private void report(CaseLog log, int designed) throws IOException {
    Report report = new Report(log, designed);
    report.write(dir);
    out.println();
    out.println(report.toMarkdown());
    out.println("written: " + dir.resolve("accuracy.md") + ", accuracy.json, cases.jsonl");
  }
}
