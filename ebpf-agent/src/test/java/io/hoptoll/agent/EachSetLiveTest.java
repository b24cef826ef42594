package io.hoptoll.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hoptoll.model.Exchange;
import io.hoptoll.model.Exchange.Role;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every set of hooks that the kernel accepts counts the same; one that it refuses says which and
 * why.
 */
@Tag("bpf")
class EachSetLiveTest {
  private static final int TURNS = 13;
  private static final int REQUEST_BYTES = 107;
  private static final int RESPONSE_BYTES = 30_011;

  private final Recorder recorder = new Recorder();

  @ParameterizedTest
  @EnumSource
  void byteExactOrRefusedWithWords(Hooks hooks) throws Exception {
    Readiness ready = SocketAgent.check();
    assumeTrue(ready.ready(), () -> String.join("; ", ready.missing()));
    try (SocketAgent agent = SocketAgent.start(TestHooks.config().with(hooks), recorder);
        EchoServer server = new EchoServer(REQUEST_BYTES, RESPONSE_BYTES)) {
      exchange(server.port());
      check(Role.CONNECT, server.port(), RESPONSE_BYTES, REQUEST_BYTES);
      check(Role.ACCEPT, server.port(), REQUEST_BYTES, RESPONSE_BYTES);
      assertEquals(0, agent.stats().failures().values().stream().mapToLong(n -> n).sum());
    } catch (AgentException refused) {
      TestHooks.refusedWithWords(hooks, refused);
    }
  }

  private static void exchange(int port) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      for (int i = 0; i < TURNS; i++) {
        socket.getOutputStream().write(new byte[REQUEST_BYTES]);
        assertEquals(RESPONSE_BYTES, socket.getInputStream().readNBytes(RESPONSE_BYTES).length);
      }
    }
  }

  private void check(Role role, int port, int in, int out) throws InterruptedException {
    List<Exchange> found =
        recorder.await(
            TURNS,
            e ->
                e.role() == role
                    && (role == Role.CONNECT ? e.tuple().remote() : e.tuple().local()).port()
                        == port);
    assertEquals(TURNS, found.size());
    for (Exchange e : found) {
      assertEquals(in, e.volume().bytesIn(), e::toString);
      assertEquals(out, e.volume().bytesOut(), e::toString);
    }
  }
}
