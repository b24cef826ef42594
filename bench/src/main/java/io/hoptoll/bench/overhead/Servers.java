package io.hoptoll.bench.overhead;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** CPU that servers need for a request while one thread with 16 connections keeps them busy. */
final class Servers implements AutoCloseable {
  private static final String CONNECTIONS = "16";
  private static final int PATIENCE_SECONDS = 20;

  /**
   * @param processes whose CPU counts
   * @param ends sockets of theirs that a request passes
   */
  private record Target(String name, int port, List<Child> processes, int ends) {}

  private final Bed bed;
  private final double seconds;
  private final List<Child> children = new ArrayList<>();
  private final List<Target> targets = new ArrayList<>();
  private final Samples server = new Samples();
  private final Samples reader = new Samples();
  private final Samples rate = new Samples();
  private final Samples told = new Samples();

  Servers(Bed bed, double seconds) {
    this.bed = bed;
    this.seconds = seconds;
  }

  void start() throws IOException {
    int nodePort = freePort();
    int javaPort = freePort();
    int envoyPort = freePort();
    Child node = child(List.of("node", bed.file("hello.js"), "" + nodePort));
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String nodelay = "-Dsun.net.httpserver.nodelay=true";
    Child jdk = child(List.of(java, nodelay, bed.file("Hello.java"), "" + javaPort));
    await(node, nodePort);
    await(jdk, javaPort);
    targets.add(new Target("node", nodePort, List.of(node), 1));
    targets.add(new Target("JDK HttpServer", javaPort, List.of(jdk), 1));
    String binary = System.getenv("HOPTOLL_ENVOY");
    if (binary != null) {
      List<String> ports = List.of("@PORT@", "" + envoyPort, "@BEHIND@", "" + nodePort);
      String config = bed.file("envoy.yaml", ports);
      List<String> plain = List.of("--disable-hot-restart", "--concurrency", "1");
      List<String> command = new ArrayList<>(List.of(binary, "--config-path", config));
      command.addAll(plain);
      Child envoy = child(command);
      await(envoy, envoyPort);
      targets.add(new Target("Envoy in front of node", envoyPort, List.of(envoy, node), 3));
    }
    for (Target target : targets) {
      load(target, 2 * seconds); // compiled code from here on
    }
  }

  private double[] load(Target target, double length) throws IOException {
    return bed.load("http", "" + target.port(), CONNECTIONS, "" + length);
  }

  void round(List<Variant> variants) throws IOException {
    for (Target target : targets) {
      for (Variant variant : bed.shuffled(variants)) {
        bed.attach(variant);
        measure(target, variant);
      }
    }
    bed.detach();
  }

  private void measure(Target target, Variant variant) throws IOException {
    long before = cpu(target);
    long readBefore = bed.readerNanos();
    double[] made = load(target, seconds);
    double requests = made[0];
    String key = key(target, variant);
    server.add(key, (cpu(target) - before) / requests / 1e3);
    rate.add(key, requests / made[1]);
    if (variant.isHoptoll()) {
      long[] seen = bed.seen();
      reader.add(key, (bed.readerNanos() - readBefore) / 1e3 / seen[0]);
      told.add(key, seen[0] / made[1]);
      told.add("lost", seen[1]);
    }
  }

  private static long cpu(Target target) throws IOException {
    long sum = 0;
    for (Child process : target.processes()) {
      sum += process.cpuNanos();
    }
    return sum;
  }

  private static String key(Target target, Variant variant) {
    return target.name() + "|" + variant.name();
  }

  void print(PrintStream out, List<Variant> variants) throws IOException {
    out.printf("%n### Servers under load%n%n");
    out.printf(
        "| server | attached | its CPU µs a request | ratio | added µs an end | requests/s |"
            + " exchanges/s told | agent's CPU µs an exchange |%n");
    out.printf("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |%n");
    for (Target target : targets) {
      double base = server.median(key(target, Variant.NOTHING));
      for (Variant variant : variants) {
        String key = key(target, variant);
        double cpu = server.median(key);
        out.printf(
            "| %s | %s | %.1f | × %.2f | %+.2f | %,.0f | %s | %s |%n",
            target.name(),
            variant.name(),
            cpu,
            cpu / base,
            (cpu - base) / target.ends(),
            rate.median(key),
            variant.isHoptoll() ? "%,.0f".formatted(told.median(key)) : "",
            variant.isHoptoll() ? "%.2f".formatted(reader.median(key)) : "");
      }
    }
    out.printf(
        "%nLost over all of it: %.0f exchanges. The agent's process after it: %.0f MiB resident.%n",
        told.sum("lost"), bed.residentMebibytes());
  }

  private Child child(List<String> command) throws IOException {
    Child child = new Child(command);
    children.add(child);
    child.swallow();
    return child;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static void await(Child child, int port) throws IOException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!listens(port)) {
      if (!child.isAlive() || System.nanoTime() > end) {
        throw new IOException("no server on port " + port);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() {
    children.forEach(Child::close);
  }
}
