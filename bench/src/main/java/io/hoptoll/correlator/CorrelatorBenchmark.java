package io.hoptoll.correlator;

import io.hoptoll.correlator.JoinCounters.Count;
import io.hoptoll.model.ClockSample;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.SidecarSpan;
import java.util.concurrent.TimeUnit;
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

/**
 * An access log entry through the whole correlator, from the decoder to the windows. 20,000 entries
 * a second by the clock it is given, a tick every 50 ms of it; 13,000 hops wait.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CorrelatorBenchmark {
  private static final int ENTRIES = 131_072;
  private static final int ENTRIES_PER_TICK = 1_024;
  private static final int TICKS_BEFORE = 128;
  private static final long NANOS_PER_ENTRY = 50 * Nanos.PER_MICRO;

  /**
   * Entries alone, of apps that forward the request id (one request of four hops) and of apps that
   * do not (four of one, all but the first of which wait for a parent in vain); and entries with
   * three exchanges each, of one hop.
   */
  @Param({"forwarded", "own", "sockets"})
  public String ids = "";

  private final SidecarSpan[] spans = new SidecarSpan[ENTRIES];

  /** Three of each entry; empty without sockets. */
  private Exchange[] exchanges = {};

  private final Correlator correlator = new Correlator(Sensitivity.DEFAULT);
  private long given;
  private long requests;
  private long hops;

  @Setup
  public void prepare() {
    if (ids.equals("sockets")) {
      sockets();
    } else {
      MeshEntries mesh = new MeshEntries(ids.equals("forwarded"));
      for (int at = 0; at < ENTRIES; ) {
        for (SidecarSpan span : mesh.request(World.WALL_OFFSET + at * NANOS_PER_ENTRY)) {
          spans[at++] = span;
        }
      }
    }
    correlator.onRequest(
        r -> {
          requests++;
          hops += r.root().size();
        });
    for (int i = 0; i < TICKS_BEFORE; i++) {
      entry(); // as many wait from the first measured entry on as in the last
    }
  }

  private void sockets() {
    World world = new World(23, 5_000);
    correlator.clock(new ClockSample(World.NODE, 0, World.WALL_OFFSET, 500));
    World.namespaces().forEach(correlator::namespace);
    exchanges = new Exchange[3 * ENTRIES];
    for (int at = 0; at < ENTRIES; at += 2) {
      World.Truth t = world.request("request-" + at);
      spans[at] = t.server();
      spans[at + 1] = t.client();
      Exchange[] ends = {t.e4(), t.e5(), t.e6(), t.e1(), t.e2(), t.e3()};
      System.arraycopy(ends, 0, exchanges, 3 * at, ends.length);
    }
  }

  @Benchmark
  @OperationsPerInvocation(ENTRIES_PER_TICK)
  public void entry() {
    long wall = World.WALL_OFFSET + given % ENTRIES * NANOS_PER_ENTRY;
    for (int i = 0; i < ENTRIES_PER_TICK; i++) {
      int at = (int) (given++ % ENTRIES);
      if (exchanges.length > 0) {
        correlator.exchange(exchanges[3 * at]);
        correlator.exchange(exchanges[3 * at + 1]);
        correlator.exchange(exchanges[3 * at + 2]);
      }
      correlator.span(spans[at]);
    }
    correlator.tick(given * NANOS_PER_ENTRY, wall);
  }

  /** A figure counts only if all entries became hops of requests, none left out or apart. */
  @TearDown
  public void check() {
    JoinCounters counters = correlator.counters();
    long joined = counters.get(Count.HOPS_PARTIAL) + counters.get(Count.HOPS_FULL);
    long waiting = joined - hops;
    int hopsEach = ids.equals("forwarded") ? MeshEntries.HOPS : 1;
    boolean allFull = exchanges.length == 0 || counters.get(Count.HOPS_PARTIAL) == 0;
    if (2 * joined < given - 2 * ENTRIES_PER_TICK
        || waiting > correlator.waiting().getOrDefault("hops", 0) + Limits.ORPHANS
        || hops != requests * hopsEach
        || counters.get(Count.DROPPED_HOPS) != 0
        || !allFull) {
      throw new IllegalStateException(
          "given %d entries: joined %d hops, %d of them in %d requests"
              .formatted(given, joined, hops, requests));
    }
  }
}
