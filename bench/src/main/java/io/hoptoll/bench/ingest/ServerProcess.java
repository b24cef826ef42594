package io.hoptoll.bench.ingest;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * {@code hoptoll server} with everything on but sockets, on the last core where there are several,
 * and this process on the first.
 */
final class ServerProcess implements AutoCloseable {
  private final HttpClient http = HttpClient.newHttpClient();
  private final Path dir;
  private final Process process;
  private final int alsPort;
  private final String url;

  ServerProcess(String heap, List<String> options) throws IOException {
    dir = Files.createTempDirectory("hoptoll-bench-ingest-");
    alsPort = freePort();
    int httpPort = freePort();
    url = "http://127.0.0.1:" + httpPort;
    List<String> command = new ArrayList<>(onLastCore());
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xms" + heap, "-Xmx" + heap, "-XX:+UseSerialGC"));
    command.add("@" + jvmOptions());
    command.add("-Xlog:gc:file=" + dir.resolve("gc.log"));
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("io.hoptoll.app.cli.Hoptoll", "server", "--no-bpf", "--pods", "none"));
    command.addAll(List.of("--als", "127.0.0.1:" + alsPort, "--http-port", "" + httpPort));
    command.addAll(List.of("--store-dir", dir.resolve("store").toString()));
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(dir.resolve("server.log").toFile())
            .start();
    awaitReady();
  }

  /** The file of those that {@code ./hoptoll server} has. */
  private static String jvmOptions() {
    String file = System.getProperty("hoptoll.server.jvm");
    if (file == null) {
      throw new IllegalStateException(
          "-Dhoptoll.server.jvm is not set: start this by ./hoptoll bench ingest");
    }
    return file;
  }

  int alsPort() {
    return alsPort;
  }

  /** User and system time, all threads. */
  double cpuSeconds() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e9;
  }

  long residentBytes() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
      if (line.startsWith("VmRSS:")) {
        return 1_024 * Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    return 0;
  }

  String metrics() throws IOException {
    return get("/metrics");
  }

  /** What its garbage collector did. */
  String collections() throws IOException {
    List<String> lines = Files.readAllLines(dir.resolve("gc.log"));
    return "collections: %d young, %d full"
        .formatted(
            lines.stream().filter(l -> l.contains("Pause Young")).count(),
            lines.stream().filter(l -> l.contains("Pause Full")).count());
  }

  /** One of its own metrics. */
  double metric(String name) throws IOException {
    for (String line : metrics().split("\n", -1)) {
      if (line.startsWith(name + " ")) {
        return Double.parseDouble(line.substring(name.length() + 1));
      }
    }
    throw new IOException("no metric " + name);
  }

  Account account() throws IOException {
    return Account.of(new JsonObject(get("/healthz")));
  }

  /** Waits until every entry sent is accounted for, {@code seconds} at most. */
  Account settled(long sent, int seconds) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    Account account = account();
    while (!account.balances(sent) && System.nanoTime() < deadline) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
      account = account();
    }
    return account;
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    try (Stream<Path> all = Files.walk(dir)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private void awaitReady() throws IOException {
    for (int i = 0; process.isAlive() && i < 150; i++) {
      try {
        get("/readyz");
        return;
      } catch (IOException e) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
      }
    }
    throw new IOException("no server:\n" + Files.readString(dir.resolve("server.log")));
  }

  private String get(String path) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + path)).timeout(Duration.ofSeconds(10)).build();
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** Empty where there is one core, or no taskset. */
  private static List<String> onLastCore() throws IOException {
    int last = Runtime.getRuntime().availableProcessors() - 1;
    if (last < 1 || !Files.isExecutable(Path.of("/usr/bin/taskset"))) {
      return List.of();
    }
    String self = String.valueOf(ProcessHandle.current().pid());
    new ProcessBuilder("taskset", "-apc", "0-" + (last - 1), self)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .onExit()
        .join();
    return List.of("taskset", "-c", String.valueOf(last));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
