package io.hoptoll.bench;

import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code hoptoll bench jmh [NAME...]}: ns and bytes an operation costs, stage by stage. */
@Command(
    name = "jmh",
    description = "What each stage costs an operation: ns and bytes allocated (JMH).",
    mixinStandardHelpOptions = true)
final class Jmh implements Callable<Integer> {
  /** What can be named, and its class. */
  enum Stage {
    /** An access log entry, beside protobuf's generated classes. */
    DECODE("io.hoptoll.als.DecodeBenchmark"),
    /** A hop through PodJoin and HopJoin, with none and with 100,000 half hops waiting. */
    JOIN("io.hoptoll.correlator.JoinBenchmark"),
    /** An access log entry through the whole correlator, windows included. */
    CORRELATOR("io.hoptoll.correlator.CorrelatorBenchmark"),
    /** A hop's marks made into legs. */
    LEDGER("io.hoptoll.correlator.LedgerBenchmark"),
    /** A duration into a sketch, sketches merged and asked. */
    HISTOGRAM("io.hoptoll.correlator.HistogramBenchmark"),
    /** An exchange from the agent's memory to bytes, and from bytes to the server's sinks. */
    WIRE("io.hoptoll.wire.WireBenchmark");

    final String benchmark;

    Stage(String benchmark) {
      this.benchmark = benchmark;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final String BASELINE = ".generatedClasses";
  private static final String PACKED = "packedBytes";
  private static final String ALLOCATED = "gc.alloc.rate.norm";

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "NAME",
      arity = "0..*",
      description = "Which: ${COMPLETION-CANDIDATES} (default: all).")
  private List<Stage> stages = Arrays.asList(Stage.values());

  @Option(names = "--forks", defaultValue = "2", description = "JVMs for each (default: 2).")
  private int forks;

  @Override
  public Integer call() throws RunnerException {
    OptionsBuilder options = new OptionsBuilder();
    for (Stage stage : stages) {
      options.include(stage.benchmark.replace(".", "\\.") + "\\.");
    }
    options
        .forks(forks)
        .warmupIterations(4)
        .warmupTime(TimeValue.seconds(1))
        .measurementIterations(5)
        .measurementTime(TimeValue.seconds(1))
        .addProfiler(GCProfiler.class)
        .jvmArgs("-Xms2g", "-Xmx2g", "-XX:+UseSerialGC");
    print(new Runner(options.build()).run());
    return 0;
  }

  private void print(Collection<RunResult> results) {
    double baseline = Double.NaN;
    for (RunResult result : results) {
      if (result.getParams().getBenchmark().endsWith(BASELINE)) {
        baseline = result.getPrimaryResult().getScore();
      }
    }
    PrintWriter out = spec.commandLine().getOut();
    out.printf("%n%-40s %10s %8s %10s %8s%n", "per operation", "ns", "±", "bytes", "times");
    for (RunResult result : results) {
      print(out, result, baseline);
    }
    if (!Double.isNaN(baseline)) {
      out.printf("times: of what protobuf's generated classes take for the same bytes%n");
    }
    results.stream()
        .filter(r -> r.getSecondaryResults().containsKey(PACKED))
        .forEach(
            r ->
                out.printf(
                    "%s: %.0f bytes on the wire%n",
                    name(r), r.getSecondaryResults().get(PACKED).getStatistics().getMean()));
    out.flush();
  }

  private static void print(PrintWriter out, RunResult result, double baseline) {
    Result<?> time = result.getPrimaryResult();
    Result<?> allocated = result.getSecondaryResults().get(ALLOCATED);
    boolean decode = result.getParams().getBenchmark().startsWith(Stage.DECODE.benchmark);
    out.printf(
        "%-40s %10.0f %8.0f %10.0f %8s%n",
        name(result),
        time.getScore(),
        time.getScoreError(),
        allocated == null ? Double.NaN : allocated.getScore(),
        decode ? "%.2f".formatted(time.getScore() / baseline) : "");
  }

  /** {@code JoinBenchmark.hop, waiting 100000}. */
  private static String name(RunResult result) {
    String full = result.getParams().getBenchmark();
    int method = full.lastIndexOf('.');
    StringBuilder name = new StringBuilder(full.substring(full.lastIndexOf('.', method - 1) + 1));
    for (String key : result.getParams().getParamsKeys()) {
      name.append(", ").append(key).append(' ').append(result.getParams().getParam(key));
    }
    return name.toString();
  }
}
