package io.hoptoll.agent;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** HTTPS servers and clients of Python, Node, curl and Go. */
final class TlsPrograms implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 60;

  private final Path dir;
  private final List<String> prefix;
  private final String certificate;
  private final String key;
  private final List<Process> processes = new ArrayList<>();

  /**
   * @param prefix of each command, such as of {@code ip netns exec}
   */
  TlsPrograms(Path dir, List<String> prefix) throws Exception {
    this.dir = dir;
    this.prefix = prefix;
    TestCertificate made = TestCertificate.make(dir);
    certificate = made.writeCertificate(dir).toString();
    key = made.writeKey(dir).toString();
  }

  /** Started, and listening. */
  Process python(int port) throws Exception {
    return listening(
        port, Daemon.program("python3"), file("tls.py"), "serve", "" + port, certificate, key);
  }

  /** Started, and listening. */
  Process node(int port) throws Exception {
    return listening(
        port, Daemon.program("node"), file("tls.js"), "serve", "" + port, certificate, key);
  }

  /** Builds tls.go, with flags as for the other builds: one cache for all. */
  String buildGo(String... flags) throws Exception {
    String program = dir.resolve("tlsgo").toString();
    List<String> command =
        Daemon.command(List.of(Daemon.program("go"), "build", "-trimpath", "-o", program), flags);
    command.add(file("tls.go"));
    Daemon.run(dir.resolve("go.log"), command);
    return program;
  }

  /**
   * Of {@link #buildGo}, started and listening.
   *
   * @param how {@code serve} or {@code sip}
   */
  Process go(String program, String how, int port) throws Exception {
    return listening(port, program, how, "" + port, certificate, key);
  }

  /** Runs a client to its end; what it said. */
  String run(String... command) throws Exception {
    Path log = dir.resolve("run.log");
    Daemon.run(log, Daemon.command(prefix, command));
    return Files.readString(log).strip();
  }

  private Process listening(int port, String... command) throws Exception {
    Process p = start(port + ".log", command);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!listeners(port).contains(":" + port)) {
      if (System.nanoTime() > deadline || !p.isAlive()) {
        throw new IOException("port " + port + ": " + Files.readString(dir.resolve(port + ".log")));
      }
      Thread.sleep(50);
    }
    return p;
  }

  private String listeners(int port) throws Exception {
    Path log = dir.resolve("ss.log");
    Daemon.run(log, Daemon.command(prefix, "ss", "-Hltn", "sport", "=", ":" + port));
    return Files.readString(log);
  }

  /** A JVM that serves no TLS. */
  Process java(int port) throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return listening(port, java, file("Serve.java"), "" + port);
  }

  /** Goes on until {@link #close}. */
  Process start(String log, String... command) throws IOException {
    Process p =
        new ProcessBuilder(Daemon.command(prefix, command))
            .redirectErrorStream(true)
            .redirectOutput(dir.resolve(log).toFile())
            .start();
    processes.add(p);
    return p;
  }

  /**
   * Asks for each path in turn on one connection, by {@code curl}, {@code python3} or {@code node}.
   */
  void ask(String client, int port, List<String> paths) throws Exception {
    List<String> command = Daemon.command(prefix, Daemon.program(client));
    if (client.equals("curl")) {
      command.addAll(List.of("-sk", "--http1.1"));
      paths.forEach(p -> command.addAll(List.of("-o", "/dev/null", url(port, p))));
    } else {
      command.add(file(client.equals("node") ? "tls.js" : "tls.py"));
      command.addAll(List.of("ask", "" + port));
      command.addAll(paths);
    }
    Daemon.run(dir.resolve("ask.log"), command);
  }

  static String url(int port, String path) {
    return "https://127.0.0.1:" + port + path;
  }

  private String file(String name) throws IOException {
    try (InputStream in = TlsPrograms.class.getResourceAsStream("/workload/" + name)) {
      byte[] bytes = Objects.requireNonNull(in, name).readAllBytes();
      return Files.writeString(dir.resolve(name), new String(bytes, UTF_8)).toString();
    }
  }

  void end(Process p) throws InterruptedException {
    p.destroy();
    if (!p.waitFor(10, TimeUnit.SECONDS)) {
      p.destroyForcibly().waitFor();
    }
    processes.remove(p);
  }

  @Override
  public void close() throws Exception {
    for (Process p : List.copyOf(processes)) {
      end(p);
    }
  }
}
