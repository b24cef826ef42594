package io.hoptoll.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The agent in a process that has these capabilities and no other, as launcher/rights.sh starts it,
 * watches sockets of other users in another network namespace. Each is necessary: without it the
 * agent says so, and what it then cannot tell. To read TLS takes one more.
 */
@Tag("bpf")
class LeastPrivilegeLiveTest {
  private static final Set<String> ENOUGH = Set.of("bpf", "perfmon", "sys_ptrace", "syslog");
  private static final int TURNS = 29;

  @BeforeEach
  void canRunBpf() {
    Readiness readiness = SocketAgent.check(TestHooks.WANTED);
    assumeTrue(readiness.ready(), () -> String.join("; ", readiness.missing()));
  }

  @Test
  void fourCapabilitiesAreEnough() throws Exception {
    try (TestNetwork network = new TestNetwork();
        Agent agent = new Agent(ENOUGH, network.inode())) {
      assertEquals("missing []", agent.says());
      Process other = sleeper(network);
      try {
        traffic(network);
        agent.tell();
        assertEquals("exchanges " + 2 * TURNS, agent.says());
        assertEquals("program sleep", agent.says());
        String drop = agent.says();
        assertTrue(drop.matches("drop [a-z].*\\+0x[0-9a-f]+"), drop);
      } finally {
        other.destroyForcibly().waitFor();
      }
    }
  }

  @Test
  void withSysAdminItReadsTls(@TempDir Path dir) throws Exception {
    Set<String> rights = new LinkedHashSet<>(ENOUGH);
    rights.add("sys_admin");
    readsTls(dir, rights);
  }

  /**
   * perf_event_open() makes uprobes for CAP_SYS_ADMIN only: Linux 6.16 and newer, and stable
   * kernels since July 2025. Those before do with CAP_PERFMON: either, but never silence.
   */
  @Test
  void withoutSysAdminItReadsTlsOrSaysWhatToDo(@TempDir Path dir) throws Exception {
    String refusal = readsTls(dir, ENOUGH);
    if (!refusal.isEmpty()) {
      assertTrue(refusal.contains("errno 13") || refusal.contains("errno 1;"), refusal);
      assertTrue(refusal.contains("HOPTOLL_READ_TLS=on ./hoptoll server"), refusal);
    }
  }

  /** Empty where it did; else why not, which with CAP_SYS_ADMIN nothing excuses. */
  private static String readsTls(Path dir, Set<String> rights) throws Exception {
    int port = 8443;
    try (TestNetwork network = new TestNetwork();
        TlsPrograms programs =
            new TlsPrograms(dir, List.of("ip", "netns", "exec", network.name()))) {
      programs.python(port);
      try (Agent agent = new Agent(rights, network.inode(), "tls")) {
        assertEquals("missing []", agent.says());
        String covered = agent.says();
        if (!rights.contains("sys_admin") && covered.startsWith("not covered: ")) {
          return covered;
        }
        assertTrue(covered.matches("covered /.*libssl.*"), covered);
        programs.ask("curl", port, List.of("/200/few/rights"));
        agent.tell();
        assertEquals("call 200 /200/few/rights", agent.says());
        assertEquals("call 200 /200/few/rights", agent.says());
        return "";
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bpf", "perfmon"})
  void noneOfTheTwoThatLoadCanBeLeftOut(String one) throws Exception {
    try (Agent agent = new Agent(without(one), 0)) {
      String said = agent.says();
      assertTrue(
          said.startsWith("refused") && said.contains("CAP_" + one.toUpperCase(Locale.ROOT)), said);
    }
  }

  @Test
  void withoutPtraceOtherUsersProcessesAreUnknown() throws Exception {
    try (TestNetwork network = new TestNetwork();
        Agent agent = new Agent(without("sys_ptrace"), network.inode())) {
      String said = agent.says();
      assertTrue(said.contains("CAP_SYS_PTRACE"), said);
      Process other = sleeper(network);
      try {
        traffic(network);
        agent.tell();
        assertEquals("exchanges " + 2 * TURNS, agent.says());
        assertEquals("program ", agent.says());
      } finally {
        other.destroyForcibly().waitFor();
      }
    }
  }

  private static Set<String> without(String one) {
    Set<String> rest = new LinkedHashSet<>(ENOUGH);
    rest.remove(one);
    return rest;
  }

  /** A process of somebody else's in the namespace. */
  private static Process sleeper(TestNetwork network) throws IOException {
    List<String> command = Daemon.command(List.of("ip", "netns", "exec", network.name()));
    command.addAll(Daemon.AS_NOBODY);
    command.addAll(List.of("sleep", "60"));
    return new ProcessBuilder(command).start();
  }

  /** Exchanges on one connection; then one to a port where nobody listens, which is dropped. */
  private static void traffic(TestNetwork network) throws Exception {
    try (EchoServer server = network.inside(() -> new EchoServer(101, 1_009));
        Socket socket =
            network.inside(() -> new Socket(InetAddress.getLoopbackAddress(), server.port()))) {
      for (int i = 0; i < TURNS; i++) {
        socket.getOutputStream().write(new byte[101]);
        socket.getInputStream().readNBytes(1_009);
      }
    }
    network.inside(
        () -> {
          try (Socket refused = new Socket(InetAddress.getLoopbackAddress(), 9)) {
            return refused;
          } catch (IOException expected) {
            return null;
          }
        });
  }

  /**
   * {@link AgentAlone} with these capabilities only, of uid 0: the class path may be root's own.
   */
  private static final class Agent implements AutoCloseable {
    private final Process process;
    private final BufferedReader out;

    Agent(Set<String> capabilities, long netns, String... more) throws IOException {
      StringBuilder kept = new StringBuilder("-all");
      capabilities.forEach(c -> kept.append(",+").append(c));
      List<String> command =
          new ArrayList<>(
              List.of("setpriv", "--inh-caps=-all", "--bounding-set=" + kept, "--no-new-privs"));
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(List.of("-cp", System.getProperty("java.class.path")));
      command.addAll(List.of(AgentAlone.class.getName(), Long.toString(netns)));
      command.addAll(List.of(more));
      process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      out = process.inputReader(UTF_8);
    }

    String says() throws IOException {
      return String.valueOf(out.readLine());
    }

    /** Has it tell what it saw. */
    void tell() {
      new PrintWriter(process.outputWriter(UTF_8), true).println();
    }

    @Override
    public void close() throws InterruptedException {
      process.destroy();
      assertTrue(process.waitFor(20, TimeUnit.SECONDS));
    }
  }
}
