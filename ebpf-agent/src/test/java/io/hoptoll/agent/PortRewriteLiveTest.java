package io.hoptoll.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hoptoll.model.Exchange;
import io.hoptoll.model.Exchange.Role;
import io.hoptoll.model.PortRewrite;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Two virtual addresses called from one source port, both redirected to one listener: the kernel
 * must replace the port of the second, and the agent says whose it is.
 */
@Tag("bpf")
class PortRewriteLiveTest {
  private static final String POD = "10.1.1.1";
  private static final String SECOND = "10.96.0.2";
  private static final int PORT = 40_123;
  private static final int LISTENER = 15_001;

  /** One byte there and one back on each; the connections stay until stdin ends. */
  private static final String CALLS =
      """
      import socket, sys
      l = socket.socket(); l.bind(('0.0.0.0', 15001)); l.listen()
      held = []
      for vip in ('10.96.0.1', '10.96.0.2'):
          c = socket.socket()
          c.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
          c.bind(('10.1.1.1', 40123)); c.connect((vip, 80))
          s, peer = l.accept()
          c.send(b'1'); s.recv(1); s.send(b'2'); c.recv(1)
          held += [c, s]
      print(peer[1], flush=True)
      sys.stdin.read()
      """;

  private final Recorder recorder = new Recorder();

  @BeforeEach
  void needsLibbpf() {
    Readiness ready = SocketAgent.check(TestHooks.WANTED);
    assumeTrue(ready.ready(), () -> String.join("; ", ready.missing()));
  }

  @Test
  void theSecondOfTwoFromOnePortIsTold() throws Exception {
    try (TestNetwork network = redirecting();
        SocketAgent agent = SocketAgent.start(config(network), recorder)) {
      Process calls =
          new ProcessBuilder("ip", "netns", "exec", network.name(), "python3", "-c", CALLS)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      try {
        int seen = Integer.parseInt(calls.inputReader().readLine());
        assertNotEquals(PORT, seen);
        PortRewrite told = recorder.awaitRewrites(1).get(0);
        assertEquals(POD + ":" + PORT, told.original().local().toString());
        assertEquals(SECOND + ":80", told.original().remote().toString());
        assertEquals("127.0.0.1:" + LISTENER, told.accepted().local().toString());
        assertEquals(POD + ":" + seen, told.accepted().remote().toString());
        Exchange accepted =
            recorder
                .await(1, e -> e.role() == Role.ACCEPT && e.socketId() == told.socketId())
                .get(0);
        assertEquals(told.accepted(), accepted.tuple());
        assertEquals(1, recorder.rewrites.size());
        assertEquals(0, agent.stats().ringLost());
      } finally {
        calls.destroyForcibly().waitFor();
      }
    }
  }

  private static AgentConfig config(TestNetwork network) throws Exception {
    return new AgentConfig("here", false, Set.of(network.inode())).with(TestHooks.WANTED);
  }

  private static TestNetwork redirecting() throws Exception {
    TestNetwork network = new TestNetwork();
    network.run("ip", "addr", "add", POD + "/32", "dev", "lo");
    network.run("ip", "route", "add", "10.96.0.0/24", "dev", "lo", "src", POD);
    network.iptables("-t nat -A OUTPUT -p tcp -d 10.96.0.0/24 -j REDIRECT --to-ports " + LISTENER);
    return network;
  }
}
