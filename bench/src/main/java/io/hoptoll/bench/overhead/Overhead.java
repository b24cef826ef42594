package io.hoptoll.bench.overhead;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code hoptoll bench overhead}: what watching costs, against nothing attached, the same hooks
 * with empty programs, a bpftrace script and the classic tracepoints of system calls. In rounds, in
 * each of which all take their turn in another order; medians are printed.
 */
@Command(
    name = "overhead",
    mixinStandardHelpOptions = true,
    description = "What watching costs, beside its rivals: ns by hook, CPU of servers, memory.")
public final class Overhead implements Callable<Integer> {
  /** Parts of the run; each can be run alone. */
  enum Part {
    PROGRAMS,
    CALLS,
    SERVERS,
    IDLE,
    MEMORY,
    RING;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Option(names = "--rounds", description = "of each comparison (default: ${DEFAULT-VALUE})")
  private int rounds = 5;

  @Option(
      names = "--seconds",
      description = "of load on a server, by turn (default: ${DEFAULT-VALUE})")
  private double seconds = 2;

  @Option(names = "--exchanges", description = "over loopback, by turn (default: ${DEFAULT-VALUE})")
  private int exchanges = 60_000;

  @Option(
      names = "--only",
      split = ",",
      description = "parts: ${COMPLETION-CANDIDATES} (default: all)")
  private Set<Part> only = EnumSet.allOf(Part.class);

  @Option(
      names = "--attached",
      split = ",",
      description = "words of the names of what is attached (default: all there is)")
  private List<String> words = List.of("");

  private final PrintStream out = System.out;
  private List<Variant> variants = List.of();

  @Override
  public Integer call() throws Exception {
    variants = Variant.all().stream().filter(v -> v.isNamed(words)).toList();
    Path dir = Files.createTempDirectory("hoptoll-overhead-");
    try (Bed bed = new Bed(dir)) {
      out.printf(
          "Linux %s, %d cores, %s; %d rounds, medians.%n",
          System.getProperty("os.version"),
          Runtime.getRuntime().availableProcessors(),
          LocalDate.now(ZoneOffset.UTC),
          rounds);
      run(bed);
      return 0;
    } finally {
      remove(dir);
    }
  }

  private void run(Bed bed) throws IOException {
    if (only.contains(Part.PROGRAMS)) {
      programs(bed);
    }
    if (only.contains(Part.CALLS)) {
      calls(bed);
    }
    if (only.contains(Part.SERVERS)) {
      servers(bed);
    }
    Standing standing = new Standing(out);
    if (only.contains(Part.IDLE)) {
      standing.idle(5 * seconds);
    }
    if (only.contains(Part.MEMORY)) {
      standing.memory(bed);
    }
    if (only.contains(Part.RING)) {
      standing.ring(bed, 4 * seconds);
    }
  }

  private void programs(Bed bed) throws IOException {
    Programs programs = new Programs(bed, exchanges);
    for (int i = 0; i < rounds; i++) {
      programs.round(variants);
    }
    programs.print(out, variants);
  }

  private void calls(Bed bed) throws IOException {
    Calls calls = new Calls(bed, exchanges);
    for (int i = 0; i < rounds; i++) {
      calls.round(variants);
    }
    calls.print(out, variants);
  }

  private void servers(Bed bed) throws IOException {
    try (Servers servers = new Servers(bed, seconds)) {
      servers.start();
      for (int i = 0; i < rounds; i++) {
        servers.round(variants);
      }
      servers.print(out, variants);
    }
  }

  private static void remove(Path dir) throws IOException {
    try (Stream<Path> all = Files.walk(dir)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
