package io.hoptoll.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hoptoll.model.HttpCall;
import io.hoptoll.model.TlsProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTPS of real Go programs, read at crypto/tls: goroutines move between threads, stacks grow. */
@Tag("bpf")
class GoPlaintextLiveTest {
  private static final int PORT = 8443;
  private static final int CONNECTIONS = 61;
  private static final int REQUESTS = 997;

  /** Milliseconds: 5,000 messages a second, so that a cold agent can keep up. */
  private static final String PAUSE = "50";

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
  @ValueSource(strings = {"", "-s -w"})
  void ofManyConnectionsAtOnceEachCallIsToldOnceByBothEnds(String link) throws Exception {
    String program = programs.buildGo("-ldflags", link);
    covered(programs.go(program, "serve", PORT));
    String opened =
        programs.run(program, "many", "" + PORT, "" + CONNECTIONS, "" + REQUESTS, PAUSE);
    awaitCalls(2 * REQUESTS);
    agent.close(); // what was told without an answer would come now
    List<String> asked =
        IntStream.range(0, REQUESTS).mapToObj(i -> "200 /200/" + i).sorted().toList();
    for (boolean served : new boolean[] {true, false}) {
      List<HttpCall> calls = recorder.tlsCalls.stream().filter(c -> c.served() == served).toList();
      assertEquals(asked, calls.stream().map(GoPlaintextLiveTest::shown).sorted().toList());
      assertEquals(opened, "" + calls.stream().mapToLong(HttpCall::socketId).distinct().count());
      calls.forEach(c -> checkTie(c, PORT));
    }
    assertEquals(Map.of(), failures(), "failures");
  }

  @Test
  void withOthersPythonAndCurlTheOrderIsTheirs() throws Exception {
    String program = programs.buildGo();
    covered(programs.go(program, "serve", PORT));
    covered(programs.python(PORT + 1)); // curl's library
    programs.ask("curl", PORT, PATHS);
    programs.run(askFor(program, "ask", PORT + 1).toArray(String[]::new));
    awaitCalls(4 * PATHS.size());
    for (int port : new int[] {PORT, PORT + 1}) {
      for (boolean served : new boolean[] {true, false}) {
        List<HttpCall> calls =
            recorder.tlsCalls.stream()
                .filter(c -> c.served() == served && port == port(c))
                .toList();
        assertEquals(SHOWN, calls.stream().map(GoPlaintextLiveTest::shown).toList());
        calls.forEach(c -> checkTie(c, port));
      }
    }
  }

  /** net/http's server may do so to the next request of a connection. */
  @Test
  void aRequestWhoseFirstByteIsReadApartIsTold() throws Exception {
    String program = programs.buildGo();
    covered(programs.go(program, "sip", PORT));
    for (String path : PATHS) {
      programs.run(program, "ask", "" + PORT, path);
    }
    awaitCalls(2 * PATHS.size());
    List<HttpCall> served = recorder.tlsCalls.stream().filter(HttpCall::served).toList();
    assertEquals(SHOWN, served.stream().map(GoPlaintextLiveTest::shown).toList());
  }

  /** Both ends read as the task begins: what these get is missed; the next is written untied. */
  @Test
  void ofAConnectionOlderThanTheTaskTheLaterAnswersAreInTheirPlace() throws Exception {
    String program = programs.buildGo();
    programs.go(program, "serve", PORT);
    Path go = dir.resolve("go-on");
    List<String> command = new ArrayList<>(List.of(program, "old", "" + PORT, go.toString()));
    command.add("/200/before");
    command.addAll(PATHS);
    Process client = programs.start("old.log", command.toArray(String[]::new));
    await(() -> said("old.log").contains("has /200/before"));
    covered(client);
    Files.createFile(go);
    Map<String, Long> missed =
        Map.of("begin_missed", 2L, "unmatched_responses", 1L, "answers_missed", 1L, "untied", 2L);
    await(() -> recorder.tlsCalls.size() == 2 * (PATHS.size() - 1) && failures().equals(missed));
    for (boolean served : new boolean[] {true, false}) {
      assertEquals(
          SHOWN.subList(1, SHOWN.size()),
          recorder.tlsCalls.stream()
              .filter(c -> c.served() == served)
              .map(GoPlaintextLiveTest::shown)
              .toList());
    }
  }

  private String said(String log) {
    try {
      return Files.readString(dir.resolve(log));
    } catch (java.io.IOException e) {
      return "";
    }
  }

  @Test
  void http2IsCounted() throws Exception {
    String program = programs.buildGo();
    covered(programs.go(program, "serve", PORT));
    programs.run(askFor(program, "ask2", PORT).toArray(String[]::new));
    await(() -> failures().equals(Map.of("http2_connections", 2L)));
    assertEquals(List.of(), List.copyOf(recorder.tlsCalls));
  }

  /** Go's own disassembler says where the functions return. */
  @ParameterizedTest
  @ValueSource(strings = {"", "-buildmode=pie"})
  void returnsAreFoundWithoutDecoding(String flag) throws Exception {
    String program = flag.isEmpty() ? programs.buildGo() : programs.buildGo(flag);
    GoProgram read;
    Set<Long> expected;
    try (ElfReader elf = new ElfReader(Path.of(program))) {
      read = GoProgram.read(elf);
      expected = returns(elf, program);
    }
    assertEquals("", read.why());
    assertEquals(4, read.calls().size());
    assertTrue(expected.size() > 4, expected::toString);
    assertEquals(
        expected,
        read.calls().stream().flatMap(c -> c.returns().stream()).collect(Collectors.toSet()));
  }

  private Set<Long> returns(ElfReader elf, String program) throws Exception {
    String functions = "^crypto/tls.\\(\\*Conn\\).(Read|Write|clientHandshake|serverHandshake)$";
    Path said = dir.resolve("objdump.log");
    String go = Daemon.program("go");
    Daemon.run(said, List.of(go, "tool", "objdump", "-s", functions, program));
    Set<Long> places = new HashSet<>();
    try (var lines = Files.lines(said)) {
      lines
          .map(Pattern.compile("\\s0x([0-9a-f]+)\\s+c3\\s+RET")::matcher)
          .filter(java.util.regex.Matcher::find)
          .map(m -> elf.inFile(Long.parseLong(m.group(1), 16)).orElseThrow())
          .forEach(places::add);
    }
    return places;
  }

  private static List<String> askFor(String program, String how, int port) {
    List<String> command = new ArrayList<>(List.of(program, how, "" + port));
    command.addAll(PATHS);
    return command;
  }

  private static int port(HttpCall c) {
    var tuple = Objects.requireNonNull(c.tuple(), c::toString);
    return (c.served() ? tuple.local() : tuple.remote()).port();
  }

  private static String shown(HttpCall c) {
    assertEquals("GET", c.request().method());
    return c.status() + " " + c.request().path();
  }

  private static void checkTie(HttpCall c, int port) {
    assertEquals(port, port(c));
    assertTrue(c.nanos() > 0, c::toString);
  }

  private Map<String, Long> failures() {
    return agent.plaintext().failures().entrySet().stream()
        .filter(e -> e.getValue() != 0)
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private void awaitCalls(int count) throws InterruptedException {
    for (int i = 0; i < 400 && recorder.tlsCalls.size() < count; i++) {
      Thread.sleep(50);
    }
    assertEquals(Map.of(), failures(), "failures");
    assertEquals(count, recorder.tlsCalls.size());
  }

  private void covered(Process p) throws Exception {
    agent.readTls(Map.of(network.inode(), 512));
    await(
        () ->
            agent.plaintext().processes().stream()
                .filter(TlsProcess::covered)
                .anyMatch(each -> each.tgid() == p.pid()));
  }

  private void await(BooleanSupplier condition) throws InterruptedException {
    for (int i = 0; i < 400 && !condition.getAsBoolean(); i++) {
      Thread.sleep(50);
    }
    assertTrue(condition.getAsBoolean(), () -> agent.plaintext().toString());
  }
}
