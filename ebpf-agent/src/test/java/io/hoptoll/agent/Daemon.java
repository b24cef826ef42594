package io.hoptoll.agent;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A real server in a process of its own, on loopback; its output is in a file beside its data. */
record Daemon(Process process, int port) implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 60;

  /** PostgreSQL and MariaDB refuse to run as root. */
  static final List<String> AS_NOBODY =
      List.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups");

  static int freePort() throws IOException {
    try (ServerSocket s = new ServerSocket(0)) {
      return s.getLocalPort();
    }
  }

  /** Waits until it accepts connections. */
  static Daemon start(Path log, int port, List<String> command) throws Exception {
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    Daemon daemon = new Daemon(process, port);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!daemon.accepts()) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        daemon.close();
        throw new IOException(String.join(" ", command) + ": " + Files.readString(log));
      }
      Thread.sleep(50);
    }
    return daemon;
  }

  private boolean accepts() {
    try (Socket s = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return s.isConnected();
    } catch (IOException notYet) {
      return false;
    }
  }

  /** Runs a command to its end. */
  static void run(Path log, List<String> command) throws Exception {
    Process p =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(new java.io.File("/dev/null"))
            .redirectOutput(log.toFile())
            .start();
    if (!p.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || p.exitValue() != 0) {
      p.destroyForcibly();
      throw new IOException(String.join(" ", command) + ": " + Files.readString(log));
    }
  }

  static List<String> command(List<String> prefix, String... command) {
    List<String> all = new ArrayList<>(prefix);
    all.addAll(List.of(command));
    return all;
  }

  /** The program in the path, or where Debian keeps PostgreSQL's; aborts the test without it. */
  static String program(String name) throws IOException {
    List<Path> places = new ArrayList<>();
    for (String dir : System.getenv("PATH").split(":")) {
      places.add(Path.of(dir));
    }
    places.add(Path.of("/usr/sbin"));
    Path versions = Path.of("/usr/lib/postgresql");
    if (Files.isDirectory(versions)) {
      try (var found = Files.list(versions)) {
        found.map(v -> v.resolve("bin")).forEach(places::add);
      }
    }
    return places.stream()
        .map(p -> p.resolve(name))
        .filter(Files::isExecutable)
        .findFirst()
        .map(Path::toString)
        .orElseGet(() -> Assumptions.abort("no " + name + ": ./hoptoll install"));
  }

  @Override
  public void close() throws Exception {
    process.destroy();
    if (!process.waitFor(10, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }
}
