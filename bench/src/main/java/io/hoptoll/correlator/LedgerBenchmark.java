package io.hoptoll.correlator;

import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Ledger;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One hop's marks made into legs. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LedgerBenchmark {
  private static final int HOPS = 1_024;
  private static final long OTHER_CLOCK_AHEAD_NANOS = 7_000_000_000L;

  private final LedgerBuilder ledgers = new LedgerBuilder(new JoinCounters());
  private final HalfHop[] clients = new HalfHop[HOPS];
  private final HalfHop[] servers = new HalfHop[HOPS];
  private final HalfHop[] serversElsewhere = new HalfHop[HOPS];
  private int next;

  @Setup
  public void prepare() {
    World world = new World(23, 64);
    for (int i = 0; i < HOPS; i++) {
      World.Truth t = world.request("request-" + i);
      clients[i] = Change.client(t);
      servers[i] = Change.server(t);
      serversElsewhere[i] = Change.node(servers[i], "node-b", OTHER_CLOCK_AHEAD_NANOS);
    }
  }

  /** Both pods on one node, all six ends known. */
  @Benchmark
  public Ledger oneClock() {
    next = (next + 1) % HOPS;
    return ledgers.build(clients[next], servers[next], List.of());
  }

  /** Pods on two nodes, all six ends known. */
  @Benchmark
  public Ledger twoClocks() {
    next = (next + 1) % HOPS;
    return ledgers.build(clients[next], serversElsewhere[next], List.of());
  }

  /** The client's half alone. */
  @Benchmark
  public Ledger half() {
    next = (next + 1) % HOPS;
    return ledgers.build(clients[next], null, List.of());
  }
}
