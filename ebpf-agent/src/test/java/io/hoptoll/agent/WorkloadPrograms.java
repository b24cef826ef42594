package io.hoptoll.agent;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** The servers of {@link KnownWorkload}, each a process in its network namespace. */
final class WorkloadPrograms implements AutoCloseable {
  /** Sizes of bodies, primes. */
  static final int[] BODIES = {2, 13, 101, 509, 1_021, 2_053, 4_099, 8_191, 16_381, 32_749, 65_521};

  static final int PYTHON = 8001;
  static final int NODE = 8002;
  static final int JDK = 8003;
  static final int GO = 8004;
  static final int NGINX = 8005;
  static final int ENVOY = 8006;

  /** Behind Envoy; a server of Node's, too. */
  static final int BEHIND = 8007;

  private static final int PATIENCE_SECONDS = 60;

  /**
   * @param clientPorts of its connections, in order
   */
  record Styles(int listener, List<Integer> clientPorts) {}

  private final Path dir;
  private final TestNetwork network;
  private final List<Process> processes = new ArrayList<>();

  WorkloadPrograms(Path dir, TestNetwork network) {
    this.dir = dir;
    this.network = network;
  }

  /** Starts all servers and waits until each listens. */
  void start() throws Exception {
    Path files = Files.createDirectories(dir.resolve("files"));
    for (int size : BODIES) {
      Files.write(files.resolve(Integer.toString(size)), new byte[size]);
    }
    String iostyles = dir.resolve("iostyles").toString();
    String clang = Daemon.program("clang");
    Daemon.run(log("clang"), List.of(clang, "-O1", "-pthread", "-o", iostyles, file("iostyles.c")));
    String serve = dir.resolve("serve").toString();
    String go = Daemon.program("go"); // flags as for the tests' collector: one cache for both
    Daemon.run(log("go"), List.of(go, "build", "-trimpath", "-o", serve, file("serve.go")));
    String node = Daemon.program("node");
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    serve(PYTHON, Daemon.program("python3"), file("serve.py"), "" + PYTHON);
    serve(NODE, node, file("serve.js"), "" + NODE);
    serve(JDK, java, file("Serve.java"), "" + JDK);
    serve(GO, serve, "" + GO);
    serve(NGINX, Daemon.program("nginx"), "-c", file("nginx.conf"), "-p", dir.toString());
    serve(BEHIND, node, file("serve.js"), "" + BEHIND);
    serve(
        ENVOY,
        EnvoyPair.binary().toString(),
        "--config-path",
        file("envoy.yaml"),
        "--disable-hot-restart",
        "--concurrency",
        "2");
    for (int port : List.of(PYTHON, NODE, JDK, GO, NGINX, BEHIND, ENVOY)) {
      awaitListener(port);
    }
  }

  List<Integer> httpPorts() {
    return List.of(PYTHON, NODE, JDK, GO, NGINX, ENVOY);
  }

  /** Runs iostyles.c to the end of its turns; it keeps its sockets. */
  Styles everyStyle(int connections, int turns) throws IOException {
    List<String> command = inNetwork(dir + "/iostyles", "" + connections, "" + turns);
    Process p = new ProcessBuilder(command).redirectErrorStream(true).start();
    processes.add(p);
    BufferedReader said = p.inputReader(UTF_8);
    int listener = 0;
    List<Integer> ports = new ArrayList<>();
    for (String line = said.readLine(); !"done".equals(line); line = said.readLine()) {
      String[] words = String.valueOf(line).split(" ");
      switch (words[0]) {
        case "LISTENER" -> listener = Integer.parseInt(words[1]);
        case "CLIENT" -> ports.add(Integer.parseInt(words[1]));
        default -> throw new IOException("iostyles: " + line);
      }
    }
    return new Styles(listener, ports);
  }

  private void serve(int port, String... command) throws IOException {
    Path log = log(Integer.toString(port));
    processes.add(
        new ProcessBuilder(inNetwork(command))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start());
  }

  private List<String> inNetwork(String... command) {
    return Daemon.command(List.of("ip", "netns", "exec", network.name()), command);
  }

  /** Not by connecting: that connection would be one too many. */
  private void awaitListener(int port) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!network.run("ss", "-Hltn", "sport", "=", ":" + port).contains(":" + port)) {
      if (System.nanoTime() > deadline || processes.stream().anyMatch(p -> !p.isAlive())) {
        throw new IOException("port " + port + ": " + Files.readString(log("" + port)));
      }
      Thread.sleep(50);
    }
  }

  /** A resource as a file, filled in. */
  private String file(String name) throws IOException {
    try (InputStream in = WorkloadPrograms.class.getResourceAsStream("/workload/" + name)) {
      String text = new String(Objects.requireNonNull(in, name).readAllBytes(), UTF_8);
      String filled =
          text.replace("@DIR@", dir.toString())
              .replace("@PORT@", "" + (name.startsWith("nginx") ? NGINX : ENVOY))
              .replace("@BEHIND@", "" + BEHIND);
      return Files.writeString(dir.resolve(name), filled).toString();
    }
  }

  private Path log(String name) {
    return dir.resolve(name + ".log");
  }

  @Override
  public void close() throws Exception {
    processes.forEach(Process::destroy);
    for (Process p : processes) {
      if (!p.waitFor(10, TimeUnit.SECONDS)) {
        p.destroyForcibly().waitFor();
      }
    }
  }
}
