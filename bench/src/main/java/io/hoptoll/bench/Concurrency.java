package io.hoptoll.bench;

import io.hoptoll.app.CorrelatorLoop;
import io.hoptoll.app.HoptollServer;
import io.hoptoll.app.config.Config;
import io.hoptoll.app.config.Settings;
import io.hoptoll.correlator.Correlator;
import io.hoptoll.correlator.JoinCounters;
import io.hoptoll.minimesh.LoadGenerator;
import io.hoptoll.minimesh.LoadPlan;
import io.hoptoll.minimesh.MeshConfig;
import io.hoptoll.minimesh.MiniMesh;
import io.hoptoll.minimesh.Pod;
import io.hoptoll.minimesh.Reaper;
import io.hoptoll.minimesh.Topology;
import io.hoptoll.model.Hop;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code hoptoll bench concurrency}: identical requests with one and the same x-request-id, many in
 * flight over a chain of hops with several pods each and retries; every join is checked against the
 * stamps that the apps saw. Exit 0: enough joined, none wrong, every ledger balances.
 */
@Command(
    name = "concurrency",
    mixinStandardHelpOptions = true,
    description = "Identical requests with one id, many in flight: every join checked.")
final class Concurrency implements Callable<Integer> {
  private static final double REQUIRED = 0.99;
  private static final int FAIL_FIRST_OF = 50;

  @Option(names = "--rate", description = "requests/s (default: ${DEFAULT-VALUE})")
  private double rate = 200;

  @Option(names = "--connections", description = "in flight at most (default: ${DEFAULT-VALUE})")
  private int connections = 64;

  @Option(names = "--seconds", description = "length (default: ${DEFAULT-VALUE})")
  private int seconds = 60;

  @Option(names = "--hops", description = "length of the chain (default: ${DEFAULT-VALUE})")
  private int hops = 4;

  @Option(names = "--replicas", description = "pods per service (default: ${DEFAULT-VALUE})")
  private int replicas = 2;

  @Option(
      names = "--http2",
      description = "HTTP/2 between sidecars: many requests at once on each connection")
  private boolean http2;

  private final PrintStream out = System.out;

  @Override
  public Integer call() throws Exception {
    Path dir = Files.createTempDirectory("hoptoll-bench-");
    Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxr-xr-x"));
    String als = "unix:" + dir.resolve("als.sock");
    Config config =
        Config.defaults()
            .with(Settings.STORE_DIR, "off")
            .with(Settings.ALS_LISTEN, List.of(als))
            .with(Settings.HTTP_PORT, 0);
    MeshConfig plain = MeshConfig.of(Topology.chain(hops, replicas), als);
    try (Reaper folder = Reaper.ofFolder(dir);
        HoptollServer server = HoptollServer.start(config);
        MiniMesh mesh = MiniMesh.start(http2 ? plain.withHttp2() : plain)) {
      return run(server, mesh);
    }
  }

  private int run(HoptollServer server, MiniMesh mesh) throws Exception {
    Queue<Hop> joined = new ConcurrentLinkedQueue<>();
    warmUp(mesh);
    for (Pod pod : mesh.pods().subList(1, mesh.pods().size())) {
      mesh.app(pod.workload()).send("record on");
    }
    for (Pod pod : mesh.pods()) {
      if (pod.workload().startsWith("hop2-")) {
        mesh.app(pod.workload()).send("fail-first " + FAIL_FIRST_OF);
      }
    }
    Correlator correlator =
        server
            .correlator()
            .ask(
                c -> {
                  c.onHop(joined::add);
                  return c;
                })
            .get(5, TimeUnit.SECONDS);
    LoadGenerator load = mesh.load();
    load.record(true);
    load.reset();
    load.start(new LoadPlan("hop1", "/same", rate, connections, true, "one-id-for-all"));
    progress(load);
    load.stop();
    settle(server.correlator());
    LoadGenerator.Stats stats = load.stats();
    return report(correlator, stats, joined, stamps(mesh));
  }

  private void warmUp(MiniMesh mesh) {
    out.println("warming up: " + mesh.pods().size() + " pods");
    mesh.load().start(new LoadPlan("hop1", "/warm", rate / 2, connections, true, "-"));
    pause(6);
    mesh.load().stop();
    pause(5);
  }

  /** Until nothing more comes in: what waits for its other half does so for seconds. */
  private static void settle(CorrelatorLoop loop) throws Exception {
    long before = -1;
    for (long now = 0; now != before; now = requests(loop)) {
      before = now;
      pause(8);
    }
  }

  private static long requests(CorrelatorLoop loop) throws Exception {
    return loop.ask(c -> c.counters().get(JoinCounters.Count.REQUESTS)).get(60, TimeUnit.SECONDS);
  }

  private void progress(LoadGenerator load) {
    for (int s = 0; s < seconds; s += 5) {
      pause(Math.min(5, seconds - s));
      LoadGenerator.Stats stats = load.stats();
      out.printf(
          Locale.ROOT,
          "%3d s  %6d requests, %d errors, p50 %.1f ms, p99 %.1f ms%n",
          Math.min(seconds, s + 5),
          stats.requests(),
          stats.errors(),
          stats.p50Nanos() / 1e6,
          stats.p99Nanos() / 1e6);
    }
  }

  private static Stamps stamps(MiniMesh mesh) {
    Stamps stamps = new Stamps();
    for (Pod pod : mesh.pods()) {
      stamps.add(pod.workload(), mesh.app(pod.workload()).lines("records"));
    }
    return stamps;
  }

  private int report(
      Correlator correlator, LoadGenerator.Stats stats, Queue<Hop> joined, Stamps stamps)
      throws IOException {
    JoinCheck check = new JoinCheck(stamps);
    joined.forEach(check::check);
    double share = (double) check.proven() / Math.max(1, stamps.calls());
    out.printf(
        Locale.ROOT,
        "%n%s, %s, %d CPUs: %.0f requests/s asked, %d connections, %d hops x %d pods, %d s%n",
        Instant.now(),
        System.getProperty("os.version"),
        Runtime.getRuntime().availableProcessors(),
        rate,
        connections,
        hops,
        replicas,
        seconds);
    out.printf("requests answered        %d (%d errors)%n", stats.requests(), stats.errors());
    out.printf("calls between apps       %d%n", stamps.calls());
    out.printf(Locale.ROOT, "joined, proven right     %d (%.3f %%)%n", check.proven(), 100 * share);
    out.printf("earlier attempts, right  %d%n", check.attemptsProven());
    out.printf("joined wrongly           %d%n", check.wrong());
    out.printf("joined, stamp unknown    %d%n", check.unproven());
    out.printf("ledgers out of balance   %d%n", check.unbalanced());
    for (JoinCounters.Count c : JoinCounters.Count.values()) {
      if (correlator.counters().get(c) > 0) {
        out.printf("  %-28s %d%n", c.name().toLowerCase(Locale.ROOT), correlator.counters().get(c));
      }
    }
    check.firstWrong().forEach(w -> out.println("WRONG: " + w));
    boolean passed = share >= REQUIRED && check.wrong() == 0 && check.unbalanced() == 0;
    out.println(passed ? "PASS" : "FAIL: at least 99 % proven right, none wrong, all balanced");
    return passed ? 0 : 1;
  }

  private static void pause(int seconds) {
    LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(seconds));
  }
}
