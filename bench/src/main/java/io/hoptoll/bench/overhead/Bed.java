package io.hoptoll.bench.overhead;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Where it is measured: the load program, the host process, and what the host attaches. */
final class Bed implements AutoCloseable {
  private static final long SETTLE_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

  private final Path dir;
  private final String load;
  private final Child host;
  private final Random random = new Random(1);
  private Variant current = Variant.NOTHING;
  private Child bpftrace;

  /**
   * @param dir for files; removed by whoever made it
   */
  Bed(Path dir) throws IOException {
    this.dir = dir;
    this.load = dir.resolve("load").toString();
    compileLoad();
    this.host = host();
    this.bpftrace = host;
  }

  private void compileLoad() throws IOException {
    List<String> clang = List.of("clang", "-O2", "-pthread", "-o", load, file("load.c"));
    try {
      if (new ProcessBuilder(clang).inheritIO().start().waitFor() != 0) {
        throw new IOException("load.c does not compile: apt-get install clang libc6-dev");
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  /**
   * A process that holds what is attached; with the JVM options of an agent, as the launcher says.
   */
  static Child host() throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String options = System.getProperty("hoptoll.agent.jvm");
    if (options == null) {
      throw new IOException(
          "-Dhoptoll.agent.jvm is not set: start this by ./hoptoll bench overhead");
    }
    String path = System.getProperty("java.class.path");
    return new Child(
        traced(List.of(java, "@" + options, "-cp", path, "io.hoptoll.agent.OverheadHost")));
  }

  /** With the tracepoints' directory, which not every machine mounts; nobody else sees it. */
  private static List<String> traced(List<String> command) {
    String mounted = "mount -t tracefs tracefs /sys/kernel/tracing; exec \"$@\"";
    List<String> all = new ArrayList<>(List.of("unshare", "--mount", "sh", "-c", mounted, "sh"));
    all.addAll(command);
    return all;
  }

  /** A resource as a file. */
  String file(String name) throws IOException {
    return file(name, List.of());
  }

  /** The same with pairs of a word and what is put in its place. */
  String file(String name, List<String> replacements) throws IOException {
    try (InputStream in = Bed.class.getResourceAsStream("/overhead/" + name)) {
      String text = new String(Objects.requireNonNull(in, name).readAllBytes(), UTF_8);
      for (int i = 0; i + 1 < replacements.size(); i += 2) {
        text = text.replace(replacements.get(i), replacements.get(i + 1));
      }
      return Files.writeString(dir.resolve(name), text).toString();
    }
  }

  /** In another order each time. */
  List<Variant> shuffled(List<Variant> variants) {
    List<Variant> order = new ArrayList<>(variants);
    Collections.shuffle(order, random);
    return order;
  }

  /** Attaches it in place of what was. */
  void attach(Variant variant) throws IOException {
    detach();
    current = variant;
    if (variant == Variant.BPFTRACE) {
      bpftrace = new Child(traced(List.of("bpftrace", "-B", "line", file("exchanges.bt"))));
      while (!bpftrace.line().equals("ready")) {
        continue; // it says first how many probes it attaches
      }
      bpftrace.swallow();
    } else if (!variant.start().isEmpty()) {
      String answer = host.ask("start " + variant.start());
      if (!answer.equals("ok")) {
        throw new IOException(variant.name() + ": " + answer);
      }
    }
    LockSupport.parkNanos(SETTLE_NANOS);
  }

  void detach() throws IOException {
    if (bpftrace != host) {
      bpftrace.close();
      bpftrace = host;
    }
    host.ask("stop");
    current = Variant.NOTHING;
  }

  /** Exchanges that the host decoded since the attach, and records lost. */
  long[] seen() throws IOException {
    LockSupport.parkNanos(2 * SETTLE_NANOS); // the agent adds up twice a second
    String[] words = host.ask("stats").split(" ");
    return new long[] {Long.parseLong(words[0]), Long.parseLong(words[1])};
  }

  List<ProgramRun> programs() throws IOException {
    return ProgramRun.parse(host.ask("programs"));
  }

  String ask(String line) throws IOException {
    return host.ask(line);
  }

  /** CPU of whoever reads what the probes tell. */
  long readerNanos() throws IOException {
    return current == Variant.BPFTRACE ? bpftrace.cpuNanos() : host.cpuNanos();
  }

  /** Of the process that holds what is attached. */
  double residentMebibytes() throws IOException {
    return host.residentKilobytes() / 1024.0;
  }

  /** Runs the load program to its end; the numbers that it printed. */
  double[] load(String... words) throws IOException {
    return Child.numbers(command(words));
  }

  List<String> command(String... words) {
    List<String> command = new ArrayList<>(List.of(load));
    command.addAll(List.of(words));
    return command;
  }

  /** The kernel's own clock around each program. */
  void programTimes(boolean on) throws IOException {
    String answer = host.ask(on ? "times on" : "times off");
    if (!answer.equals("ok")) {
      throw new IOException(answer);
    }
  }

  @Override
  public void close() throws IOException {
    if (bpftrace != host) {
      bpftrace.close();
    }
    host.close();
  }
}
