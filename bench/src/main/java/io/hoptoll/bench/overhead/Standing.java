package io.hoptoll.bench.overhead;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What an agent costs that has nothing to do, what a watched socket takes, how fast the ring is.
 */
final class Standing {
  private static final Path MEMORY = Path.of("/proc/meminfo");
  private static final Variant AGENT = new Variant("Hoptoll", "hoptoll:protocol");
  private static final int CONNECTIONS = 5_000;
  private static final long SETTLE_NANOS = TimeUnit.SECONDS.toNanos(2);

  /**
   * Until then most of an idle agent's CPU is the JVM's compilers, at work on what it began with.
   */
  private static final long WARM_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final PrintStream out;

  Standing(PrintStream out) {
    this.out = out;
  }

  /** An agent alone: its CPU and memory while nothing happens in what it watches. */
  void idle(double seconds) throws IOException {
    try (Child agent = Bed.host()) {
      if (!agent.ask("start idle").equals("ok")) {
        throw new IOException("the agent does not start");
      }
      LockSupport.parkNanos(WARM_NANOS);
      long begin = System.nanoTime();
      long before = agent.cpuNanos();
      LockSupport.parkNanos((long) (seconds * 1e9));
      double share = (agent.cpuNanos() - before) / (double) (System.nanoTime() - begin);
      out.printf("%n### At rest%n%n");
      out.printf(
          "An idle agent, a minute old: %.2f %% of a core over %.0f s, ", 100 * share, seconds);
      out.printf("%.0f MiB resident.%n", agent.residentKilobytes() / 1024.0);
    }
  }

  /** Slab of the kernel for many sockets with the probes, less the same without. */
  void memory(Bed bed) throws IOException {
    double without = slabBytesPerSocket(bed, Variant.NOTHING);
    double with = slabBytesPerSocket(bed, AGENT);
    bed.detach();
    out.printf(
        "%nMemory of the kernel (slab) a socket: %,.0f bytes watched, %,.0f not: %+,.0f (%,d sockets,"
            + " an exchange on each).%n",
        with, without, with - without, 2 * CONNECTIONS);
  }

  private static double slabBytesPerSocket(Bed bed, Variant variant) throws IOException {
    bed.attach(variant);
    long before = slabKilobytes();
    try (Child sockets = new Child(bed.command("connections", "" + CONNECTIONS))) {
      if (!sockets.line().equals("open")) {
        throw new IOException("connections are not open");
      }
      LockSupport.parkNanos(SETTLE_NANOS);
      return 1024.0 * (slabKilobytes() - before) / (2 * CONNECTIONS);
    } finally {
      LockSupport.parkNanos(SETTLE_NANOS); // what they held is free before the next is measured
    }
  }

  private static long slabKilobytes() throws IOException {
    List<String> lines = Files.readAllLines(MEMORY);
    return lines.stream()
        .filter(line -> line.startsWith("SUnreclaim:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .sum();
  }

  void ring(Bed bed, double seconds) throws IOException {
    String[] words = bed.ask("ring " + seconds).split(" ");
    double turns = 1e9 * Long.parseLong(words[0]) / Long.parseLong(words[1]);
    double both = 1e9 * Long.parseLong(words[2]) / Long.parseLong(words[3]);
    out.printf("%n### The ring%n%n");
    out.printf(
        "Filled by a BPF program under test_run, drained and decoded as the agent does: %,.0f"
            + " records/s (%.0f ns each).%n",
        turns, 1e9 / turns);
    out.printf(
        "While the program goes on filling it: %,.0f records/s drained, %s found it full.%n",
        both, words[4]);
  }
}
