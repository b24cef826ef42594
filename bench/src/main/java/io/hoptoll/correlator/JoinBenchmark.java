package io.hoptoll.correlator;

import io.hoptoll.correlator.JoinCounters.Count;
import io.hoptoll.model.ClockSample;
import io.hoptoll.model.Hop;
import io.hoptoll.model.Nanos;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;

/**
 * One hop through PodJoin and HopJoin: two access log entries and six exchanges in, a hop with its
 * ledger out. The server's records come {@code waiting} hops after the client's, so that so many
 * client halves always wait; 5,000 connections, 50,000 hops/s by the clock that the join is given,
 * a tick every 50 ms of it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class JoinBenchmark {
  /** Its exchanges are more than {@link Limits#EXCHANGES}, so none is known when it comes again. */
  private static final int HOPS = 131_072;

  private static final int CONNECTIONS = 5_000;
  private static final int HOPS_PER_TICK = 2_500;
  private static final long NANOS_PER_HOP = 20 * Nanos.PER_MICRO;

  @Param({"0", "100000"})
  public int waiting;

  private final World.Truth[] truths = new World.Truth[HOPS];
  private final JoinCounters counters = new JoinCounters();
  private @Nullable Blackhole hole;
  private final HopJoin hopJoin =
      new HopJoin(new LedgerBuilder(counters), counters, (hop, at) -> out(hop), late -> {});
  private final PodJoin podJoin = podJoin();
  private long given;
  private long joined;

  @Setup
  public void prepare() {
    World world = new World(23, CONNECTIONS);
    for (int i = 0; i < HOPS; i++) {
      truths[i] = world.request("request-" + i);
    }
    while (given < waiting) {
      client(given);
      given++;
      if (given % HOPS_PER_TICK == 0) {
        tick();
      }
    }
  }

  @Benchmark
  @OperationsPerInvocation(HOPS_PER_TICK)
  public void hop(Blackhole sink) {
    hole = sink;
    for (int i = 0; i < HOPS_PER_TICK; i++) {
      server(given - waiting);
      client(given);
      given++;
    }
    tick();
  }

  /** A figure counts only if every hop was joined, with all its ends. */
  @TearDown
  public void check() {
    long full = counters.get(Count.HOPS_FULL);
    if (full != given - waiting || joined != full || hopJoin.waiting() != waiting) {
      throw new IllegalStateException(
          "given %d hops, %d to wait: joined %d, of these full %d, waiting %d"
              .formatted(given, waiting, joined, full, hopJoin.waiting()));
    }
  }

  private PodJoin podJoin() {
    ClockMap clocks = new ClockMap();
    clocks.add(new ClockSample(World.NODE, 0, World.WALL_OFFSET, 500));
    PodDirectory pods = new PodDirectory();
    World.namespaces().forEach(pods::namespace);
    return new PodJoin(
        clocks,
        pods,
        new ExchangeIndex(counters, new AccessLogLoss((served, told) -> {}), 50_000),
        counters,
        half -> hopJoin.half(half, nowNanos()));
  }

  private void client(long hop) {
    World.Truth t = truth(hop);
    podJoin.exchange(t.e1(), nowNanos());
    podJoin.exchange(t.e2(), nowNanos());
    podJoin.exchange(t.e3(), nowNanos());
    hopJoin.span(t.client(), nowNanos());
    podJoin.span(t.client(), nowNanos());
  }

  private void server(long hop) {
    World.Truth t = truth(hop);
    podJoin.exchange(t.e4(), nowNanos());
    podJoin.exchange(t.e5(), nowNanos());
    podJoin.exchange(t.e6(), nowNanos());
    hopJoin.span(t.server(), nowNanos());
    podJoin.span(t.server(), nowNanos());
  }

  private void tick() {
    podJoin.tick(nowNanos());
    hopJoin.tick(nowNanos());
  }

  private World.Truth truth(long hop) {
    return truths[(int) (hop % HOPS)];
  }

  private long nowNanos() {
    return given * NANOS_PER_HOP;
  }

  private void out(Hop hop) {
    joined++;
    if (hole != null) {
      hole.consume(hop);
    }
  }
}
