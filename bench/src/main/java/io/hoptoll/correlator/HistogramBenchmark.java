package io.hoptoll.correlator;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * The sketch of durations that every leg of every window has. Durations are log-normal, median 1
 * ms, sigma 1: a window's sketch has some 250 buckets in use.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HistogramBenchmark {
  private static final int DURATIONS = 65_536;

  private final long[] nanos = new long[DURATIONS];
  private final Sketch sketch = new Sketch();
  private final Sketch other = new Sketch();
  private int next;

  @Setup
  public void prepare() {
    Random random = new Random(23);
    for (int i = 0; i < DURATIONS; i++) {
      nanos[i] = Math.round(1e6 * Math.exp(random.nextGaussian()));
      sketch.add(nanos[i]);
      other.add(nanos[i] + 1_000_000);
    }
  }

  /** One duration into a window's sketch. */
  @Benchmark
  public Sketch add() {
    next = (next + 1) % DURATIONS;
    sketch.add(nanos[next]);
    return sketch;
  }

  /** Two windows' sketches into one: what a diagnosis does for each leg and second. */
  @Benchmark
  public Sketch merge() {
    Sketch both = new Sketch();
    both.add(sketch);
    both.add(other);
    return both;
  }

  /** The 99th hundredth of one sketch. */
  @Benchmark
  public double quantile() {
    return sketch.quantile(0.99);
  }
}
