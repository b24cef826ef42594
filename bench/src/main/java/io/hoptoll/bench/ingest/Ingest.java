package io.hoptoll.bench.ingest;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code hoptoll bench ingest}: access logs from many streams into the whole server. Exit 0: every
 * entry is accounted for, and what the mode promises was kept.
 */
@Command(
    name = "ingest",
    mixinStandardHelpOptions = true,
    description = "What an access log entry costs the whole server; overload; soak.")
public final class Ingest implements Callable<Integer> {
  /**
   * Within this a sender may be held up, and memory may grow from a soak's first half to its
   * second.
   */
  private static final double BLOCKED_MAX_SECONDS = 1;

  private static final double GROWTH_MAX = 1.05;

  /** After which a half hop gives up. */
  private static final int HALF_WAIT_SECONDS = 4;

  private static final String HALVES = "hoptoll_correlator_waiting{stage=\"halves\"}";

  /** A waiting half gives up after seconds, a queue of a slow machine drains in some more. */
  private static final int SETTLE_SECONDS = 60;

  @Option(
      names = "--streams",
      description = "sidecars, a connection each (default: ${DEFAULT-VALUE})")
  private int streams = 32;

  @Option(names = "--seconds", description = "length of a measurement (default: ${DEFAULT-VALUE})")
  private int seconds = 20;

  @Option(names = "--warm", description = "seconds before it (default: ${DEFAULT-VALUE})")
  private int warm = 30;

  @Option(
      names = "--rate",
      description = "entries/s that cost is measured at (default: ${DEFAULT-VALUE})")
  private long rate = 20_000;

  @Option(names = "--heap", description = "the server's, -Xms and -Xmx (default: ${DEFAULT-VALUE})")
  private String heap = "512m";

  @Option(names = "--overload", description = "send three times of what it can do, for --seconds")
  private boolean overload;

  @Option(names = "--minutes", description = "soak: 70 %% of what it can do, for so long")
  private double minutes;

  @Option(
      names = "--waiting",
      description = "hold so many half hops waiting while complete ones come at --rate")
  private int waiting;

  @Option(names = "--jvm", description = "another option of the server's JVM")
  private List<String> jvm = new ArrayList<>();

  private final PrintStream out = System.out;

  @Override
  public Integer call() throws Exception {
    try (ServerProcess server = new ServerProcess(heap, jvm);
        Senders senders = new Senders(server.alsPort(), streams)) {
      out.printf(
          "%d streams, server with -Xmx%s; warming up for %d s%n", senders.streams(), heap, warm);
      senders.send(rate, warm);
      server.settled(senders.entries(), SETTLE_SECONDS);
      Cost cost = cost(server, senders, rate, seconds);
      out.println("at " + cost.text());
      if (overload) {
        return overload(server, senders, cost);
      }
      if (waiting > 0) {
        return waiting(server, senders);
      }
      if (minutes > 0) {
        return soak(server, senders, cost);
      }
      out.println("as fast as it reads: " + cost(server, senders, 0, seconds).text());
      return exit(server, senders, true);
    }
  }

  private Cost cost(ServerProcess server, Senders senders, long rate, int seconds)
      throws IOException {
    Account before = server.account();
    double cpu = server.cpuSeconds();
    double allocated = server.metric(Cost.ALLOCATED);
    Senders.Sent sent = senders.send(rate, seconds);
    Account after = server.settled(senders.entries(), SETTLE_SECONDS);
    return new Cost(
        sent,
        server.cpuSeconds() - cpu,
        server.metric(Cost.ALLOCATED) - allocated,
        server.residentBytes(),
        after.shed() + after.dropped() - before.shed() - before.dropped());
  }

  private int overload(ServerProcess server, Senders senders, Cost cost) throws IOException {
    long capacity = (long) (1e6 / cost.cpuSecondsPerMillion());
    out.printf(
        "overload: a core can do about %,d/s; %,d/s are offered for %d s%n",
        capacity, 3 * capacity, seconds);
    Memory memory = new Memory(server, out);
    double longest = 0;
    long sent = 0;
    double took = 0;
    for (int left = seconds; left > 0; left -= 10) {
      Senders.Sent part = senders.send(3 * capacity, Math.min(10, left));
      longest = Math.max(longest, part.longestBlockedNanos() / 1e9);
      sent += part.entries();
      took += part.seconds();
      memory.sample("level " + server.account().level());
    }
    out.printf(
        "sent %,.0f/s; no sender was held up for longer than %.3f s%n", sent / took, longest);
    return exit(server, senders, longest <= BLOCKED_MAX_SECONDS);
  }

  private int soak(ServerProcess server, Senders senders, Cost cost) throws IOException {
    long target = (long) (0.7e6 / cost.cpuSecondsPerMillion());
    out.printf("soak: %,d/s for %.1f min%n", target, minutes);
    Memory memory = new Memory(server, out);
    long end = System.nanoTime() + (long) (minutes * 60e9);
    while (System.nanoTime() < end) {
      Senders.Sent part = senders.send(target, 10);
      memory.sample("sent %,.0f/s".formatted(part.entries() / part.seconds()));
    }
    double growth = memory.growth();
    out.printf("resident, second half over first: %.3f (at most %.2f)%n", growth, GROWTH_MAX);
    return exit(server, senders, growth <= GROWTH_MAX);
  }

  /** Lone halves come as fast as the waiting ones give up. */
  private int waiting(ServerProcess server, Senders senders) throws IOException {
    Delays before = Delays.of(server);
    Memory memory = new Memory(server, out);
    for (int left = seconds; left > 0; left -= 5) {
      senders.send(rate, waiting / HALF_WAIT_SECONDS, Math.min(5, left));
      memory.sample("%,.0f halves wait".formatted(server.metric(HALVES)));
    }
    out.println("from decoding to join: " + Delays.of(server).since(before));
    out.println(server.collections());
    return exit(server, senders, true);
  }

  private int exit(ServerProcess server, Senders senders, boolean kept) throws IOException {
    Account account = server.settled(senders.entries(), SETTLE_SECONDS);
    out.println(account.text(senders.entries()));
    return kept && account.balances(senders.entries()) ? 0 : 1;
  }
}
