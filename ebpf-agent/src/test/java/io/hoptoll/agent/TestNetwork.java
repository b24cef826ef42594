package io.hoptoll.agent;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import jnr.ffi.LibraryLoader;
import jnr.ffi.annotations.SaveError;

/**
 * A network namespace of its own with a loopback, iptables rules and the kernel's counters. Sockets
 * that {@link #inside} makes belong to it, wherever they are used later.
 */
final class TestNetwork implements AutoCloseable {
  /** The part of libc that moves a thread, setns(2). */
  public interface Namespaces {
    @SaveError
    int open(String path, int flags);

    @SaveError
    int setns(int fd, int type);

    int close(int fd);
  }

  private static final int CLONE_NEWNET = 0x40000000;

  private final String name = "hoptoll-test-" + ProcessHandle.current().pid();
  private final ExecutorService thread = Executors.newSingleThreadExecutor();

  TestNetwork() throws Exception {
    execute("ip", "netns", "add", name);
    execute("ip", "-n", name, "link", "set", "lo", "up");
    thread.submit(this::enter).get();
  }

  private Void enter() throws IOException {
    Namespaces c = LibraryLoader.create(Namespaces.class).load("c");
    int fd = c.open(path().toString(), 0);
    if (fd < 0 || c.setns(fd, CLONE_NEWNET) != 0) {
      throw new IOException("cannot enter " + path() + ": errno " + Native.errno());
    }
    c.close(fd);
    return null;
  }

  private Path path() {
    return Path.of("/run/netns", name);
  }

  String name() {
    return name;
  }

  /** Runs a command in it to its end; what it said. */
  String run(String... command) throws Exception {
    List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", name));
    all.addAll(List.of(command));
    return execute(all.toArray(String[]::new));
  }

  long inode() throws IOException {
    return ((Number) Files.getAttribute(path(), "unix:ino")).longValue();
  }

  <T> T inside(Callable<T> work) throws Exception {
    try {
      return thread.submit(work).get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  /** Such as {@code "-A INPUT -p tcp --dport 80 -j DROP"}. */
  void iptables(String rule) throws Exception {
    List<String> command = new ArrayList<>(List.of("iptables", "-w"));
    command.addAll(List.of(rule.split(" ")));
    run(command.toArray(String[]::new));
  }

  /** Packets that the rules of target DROP met so far. */
  long iptablesDrops() throws Exception {
    return run("iptables", "-w", "-nvxL", "INPUT")
        .lines()
        .filter(l -> l.contains(" DROP "))
        .mapToLong(l -> Long.parseLong(l.strip().split(" ")[0]))
        .sum();
  }

  /** A counter as nstat(8) names it without group: {@code RetransSegs}, {@code TCPTimeouts}. */
  long counter(String counter) throws Exception {
    List<String> lines = new ArrayList<>();
    for (String file : List.of("snmp", "netstat")) {
      Path path = Path.of("/proc/thread-self/net").resolve(file);
      lines.addAll(inside(() -> Files.readAllLines(path)));
    }
    for (int i = 0; i + 1 < lines.size(); i += 2) {
      int at = List.of(lines.get(i).split(" ")).indexOf(counter);
      if (at > 0) {
        return Long.parseLong(lines.get(i + 1).split(" ")[at]);
      }
    }
    throw new IllegalArgumentException("the kernel has no counter " + counter);
  }

  private static String execute(String... command) throws Exception {
    Process p = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (p.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + ": " + output);
    }
    return output;
  }

  @Override
  public void close() throws Exception {
    thread.shutdownNow();
    execute("ip", "netns", "del", name);
  }
}
