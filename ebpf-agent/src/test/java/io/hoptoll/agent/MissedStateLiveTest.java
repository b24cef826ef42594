package io.hoptoll.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hoptoll.model.Exchange;
import io.hoptoll.model.Exchange.Role;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Sockets whose establishment the probes missed: the kernel leaves a program out that the same
 * program's run on that CPU has been interrupted for.
 */
@Tag("bpf")
class MissedStateLiveTest {
  /**
   * Listens after the agent came, accepts one connection and takes from the probes what they know
   * of it, as if they had not seen it come; then 7 bytes there and 11 back. 321 is {@code bpf()};
   * its commands: 12 the next map's id, 14 a map's descriptor, 15 its description, 3 delete.
   */
  private static final String MISSED =
      """
      import ctypes, os, socket, struct, sys
      libc = ctypes.CDLL(None, use_errno=True)
      def bpf(command, attributes):
          buffer = ctypes.create_string_buffer(attributes, 128)
          number = 321 if os.uname().machine == 'x86_64' else 280
          return libc.syscall(number, command, buffer, 128), buffer.raw
      def forget(sock):
          fd = ctypes.create_string_buffer(struct.pack('i', sock.fileno()))
          deleted, map_id = 0, 0
          while True:
              failed, out = bpf(12, struct.pack('I', map_id))
              if failed:
                  return deleted
              map_id = struct.unpack_from('I', out, 4)[0]
              map_fd, _ = bpf(14, struct.pack('I', map_id))
              info = ctypes.create_string_buffer(256)
              bpf(15, struct.pack('IIQ', map_fd, 256, ctypes.addressof(info)))
              if info.raw[24:40].rstrip(b'\\0') == b'sockets':
                  failed, _ = bpf(3, struct.pack('IIQ', map_fd, 0, ctypes.addressof(fd)))
                  deleted += not failed
              os.close(map_fd)
      listener = socket.create_server(('127.0.0.1', 0))
      client = socket.create_connection(listener.getsockname())
      accepted = listener.accept()[0]
      deleted = forget(accepted)
      client.sendall(b'request'); accepted.recv(64); accepted.sendall(b'response...'); client.recv(64)
      print(deleted, listener.getsockname()[1], flush=True)
      sys.stdin.read()
      """;

  private final Recorder recorder = new Recorder();

  @Test
  void anAcceptedOneIsStillAServers() throws Exception {
    Readiness ready = SocketAgent.check(TestHooks.WANTED);
    assumeTrue(ready.ready(), () -> String.join("; ", ready.missing()));
    try (SocketAgent agent = SocketAgent.start(TestHooks.config(), recorder)) {
      assumeTrue(
          !TestHooks.COPYING.contains(agent.stats().hooks()),
          "states are kept by address, which no program outside the kernel knows");
      Process missed =
          new ProcessBuilder("python3", "-c", MISSED)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      try {
        String[] said = missed.inputReader().readLine().split(" ");
        assertTrue(Integer.parseInt(said[0]) > 0, "no probe's state of the socket was taken");
        int port = Integer.parseInt(said[1]);
        List<Exchange> there = recorder.await(1, e -> e.tuple().local().port() == port);
        assertEquals(1, there.size());
        assertEquals(Role.ACCEPT, there.get(0).role(), there::toString);
        assertTrue(there.get(0).has(Exchange.MIDWAY), there::toString);
        assertEquals(1, recorder.await(1, e -> e.tuple().remote().port() == port).size());
        assertFalse(
            recorder.connections.stream()
                .anyMatch(c -> wrong(c.role(), port, c.tuple().local().port())));
      } finally {
        missed.destroyForcibly().waitFor();
      }
    }
  }

  private static boolean wrong(Role role, int listened, int local) {
    return role == Role.CONNECT && listened == local;
  }
}
