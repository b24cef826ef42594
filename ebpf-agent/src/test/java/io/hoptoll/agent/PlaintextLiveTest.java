package io.hoptoll.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hoptoll.model.HttpCall;
import io.hoptoll.model.SocketTuple;
import io.hoptoll.model.TlsProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * HTTPS of real programs, read at their OpenSSL: Python's and curl's has the socket, Node's has
 * memory. Each call is told once by who asked and once by who answered, tied to its socket.
 */
@Tag("bpf")
class PlaintextLiveTest {
  private static final int PORT = 8443;
  private static final List<String> PATHS =
      List.of("/200/a?password=secret", "/404/b", "/503/c", "/200/d", "/302/e");
  private static final List<String> SHOWN =
      List.of("200 /200/a", "404 /404/b", "503 /503/c", "200 /200/d", "302 /302/e");

  private final Recorder recorder = new Recorder();

  @TempDir private Path dir;
  private TestNetwork network;
  private TlsPrograms programs;
  private SocketAgent agent;

  @BeforeEach
  void start() throws Exception {
    Readiness readiness = SocketAgent.check(TestHooks.WANTED);
    assumeTrue(readiness.ready(), () -> String.join("; ", readiness.missing()));
    network = new TestNetwork();
    programs = new TlsPrograms(dir, List.of("ip", "netns", "exec", network.name()));
    AgentConfig config = new AgentConfig("here", false, Set.of(network.inode()), TestHooks.WANTED);
    agent = SocketAgent.start(config, recorder);
  }

  @AfterEach
  void stop() throws Exception {
    if (agent != null) {
      agent.close();
      programs.close();
      network.close();
    }
  }

  @ParameterizedTest
  @CsvSource({"python3, python3", "python3, curl", "python3, node", "node, node", "node, curl"})
  void eachCallIsToldByBothEndsAndTiedToItsSocket(String server, String client) throws Exception {
    Process serving = server.equals("node") ? programs.node(PORT) : programs.python(PORT);
    agent.readTls(Map.of(network.inode(), 512));
    awaitCovered(serving.pid());
    if (client.equals("node") && !server.equals("node")) {
      awaitCovered(programs.node(PORT + 1).pid()); // the program's file is known by then
    } else if (client.equals("curl") && server.equals("node")) {
      awaitCovered(programs.python(PORT + 1).pid());
    }
    programs.ask(client, PORT, PATHS);
    recorder.awaitTlsCalls(2 * PATHS.size(), c -> true);
    for (boolean served : new boolean[] {true, false}) {
      List<HttpCall> calls = recorder.tlsCalls.stream().filter(c -> c.served() == served).toList();
      assertEquals(SHOWN, calls.stream().map(PlaintextLiveTest::shown).toList());
      for (HttpCall c : calls) {
        checkTie(c, served);
      }
      assertEquals(1, calls.stream().mapToLong(HttpCall::socketId).distinct().count());
    }
    assertEquals(Map.of(), failures(), "failures");
  }

  private static String shown(HttpCall c) {
    assertEquals("GET", c.request().method());
    return c.status() + " " + c.request().path();
  }

  private void checkTie(HttpCall c, boolean served) throws InterruptedException {
    SocketTuple tuple = Objects.requireNonNull(c.tuple(), c::toString);
    assertEquals(PORT, (served ? tuple.local() : tuple.remote()).port());
    recorder.awaitConnections(1, o -> o.socketId() == c.socketId());
    assertTrue(c.nanos() > 0, c::toString);
    assertFalse(c.toString().contains("secret"));
  }

  private Map<String, Long> failures() {
    return agent.plaintext().failures().entrySet().stream()
        .filter(e -> e.getValue() != 0)
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  @Test
  void nothingIsReadUnlessAskedForNorOfOthers() throws Exception {
    Process serving = programs.python(PORT);
    programs.ask("curl", PORT, PATHS);
    assertEquals(PlaintextStats.OFF, agent.plaintext());
    agent.readTls(Map.of(network.inode(), 512));
    awaitCovered(serving.pid());
    programs.ask("curl", PORT, List.of("/200/asked"));
    recorder.awaitTlsCalls(2, c -> true);
    Path elsewhere = Files.createDirectory(dir.resolve("elsewhere"));
    try (TlsPrograms others = new TlsPrograms(elsewhere, List.of())) {
      int port = Daemon.freePort();
      others.python(port);
      others.ask("curl", port, PATHS);
      programs.ask("curl", PORT, List.of("/200/last"));
    }
    recorder.awaitTlsCalls(4, c -> true);
    agent.readTls(Map.of());
    await(() -> !agent.plaintext().on());
    programs.ask("curl", PORT, PATHS);
    agent.close();
    assertEquals(
        List.of("200 /200/asked", "200 /200/asked", "200 /200/last", "200 /200/last"),
        recorder.tlsCalls.stream().map(PlaintextLiveTest::shown).toList());
  }

  @Test
  void processesComeAndGoAndThoseNotCoveredSayWhy() throws Exception {
    agent.readTls(Map.of(network.inode(), 512));
    long jvm = programs.java(PORT + 1).pid();
    long sleeper = programs.start("sleep.log", "sleep", "60").pid();
    Process serving = programs.python(PORT);
    awaitCovered(serving.pid());
    await(() -> how(jvm).startsWith("JVM: ") && how(sleeper).startsWith("no OpenSSL mapped"));
    assertEquals(1, agent.plaintext().files().size());
    programs.end(serving);
    await(() -> agent.plaintext().files().isEmpty());
    awaitCovered(programs.node(PORT).pid());
  }

  private String how(long pid) {
    return agent.plaintext().processes().stream()
        .filter(p -> p.tgid() == pid)
        .map(TlsProcess::how)
        .findFirst()
        .orElse("");
  }

  private void awaitCovered(long pid) throws InterruptedException {
    Predicate<TlsProcess> isIt = p -> p.tgid() == pid && p.covered();
    await(() -> agent.plaintext().processes().stream().anyMatch(isIt));
  }

  private void await(BooleanSupplier condition) throws InterruptedException {
    for (int i = 0; i < 400 && !condition.getAsBoolean(); i++) {
      Thread.sleep(50);
    }
    assertTrue(condition.getAsBoolean(), () -> agent.plaintext().toString());
  }
}
