package io.hoptoll.bench;

import java.io.PrintWriter;
import java.util.Collection;
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
import picocli.CommandLine.Spec;

/**
 * {@code hoptoll bench decode}: ns and bytes an access log entry costs, beside protobuf's classes.
 */
@Command(
    name = "decode",
    description = "What decoding an access log entry costs, beside protobuf's generated classes.",
    mixinStandardHelpOptions = true)
final class Decode implements Callable<Integer> {
  private static final String BENCHMARK = "io.hoptoll.als.DecodeBenchmark";
  private static final String BASELINE = BENCHMARK + ".generatedClasses";
  private static final String ALLOCATED = "gc.alloc.rate.norm";

  @Spec private CommandSpec spec;

  @Option(names = "--forks", defaultValue = "2", description = "JVMs for each (default: 2).")
  private int forks;

  @Override
  public Integer call() throws RunnerException {
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .include(BENCHMARK + "\\.")
                    .forks(forks)
                    .warmupIterations(4)
                    .warmupTime(TimeValue.seconds(1))
                    .measurementIterations(5)
                    .measurementTime(TimeValue.seconds(1))
                    .addProfiler(GCProfiler.class)
                    .jvmArgs("-Xms512m", "-Xmx512m", "-XX:+UseSerialGC")
                    .build())
            .run();
    double baseline = Double.NaN;
    for (RunResult result : results) {
      if (result.getParams().getBenchmark().equals(BASELINE)) {
        baseline = result.getPrimaryResult().getScore();
      }
    }
    PrintWriter out = spec.commandLine().getOut();
    out.printf("%n%-26s %10s %8s %8s %10s%n", "per entry", "ns", "±", "times", "bytes");
    for (RunResult result : results) {
      print(out, result, baseline);
    }
    out.flush();
    return 0;
  }

  private static void print(PrintWriter out, RunResult result, double baseline) {
    Result<?> time = result.getPrimaryResult();
    Result<?> allocated = result.getSecondaryResults().get(ALLOCATED);
    String name = result.getParams().getBenchmark();
    out.printf(
        "%-26s %10.0f %8.0f %8.2f %10.0f%n",
        name.substring(name.lastIndexOf('.') + 1),
        time.getScore(),
        time.getScoreError(),
        time.getScore() / baseline,
        allocated == null ? Double.NaN : allocated.getScore());
  }
}
