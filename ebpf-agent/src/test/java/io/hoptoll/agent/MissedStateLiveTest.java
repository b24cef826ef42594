package io.hoptoll.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hoptoll.model.Exchange;
import io.hoptoll.model.Exchange.Role;
import java.io.IOException;
import java.util.ArrayList;
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
   * of it, as if they had not seen it come; then 7 bytes there and 11 back. With an argument it is
   * the connecting socket that is known as its SYN left it: the argument is where the local port is
   * kept, the second one where the moment of its establishment is. 321 is {@code bpf()}; its
   * commands: 12 the next map's id, 14 a map's descriptor, 15 its description, 1 look up, 2 update,
   * 3 delete.
   */
  private static final String MISSED =
      """
      import ctypes, os, socket, struct, sys
      libc = ctypes.CDLL(None, use_errno=True)
      def bpf(command, attributes):
          buffer = ctypes.create_string_buffer(attributes, 128)
          number = 321 if os.uname().machine == 'x86_64' else 280
          return libc.syscall(number, command, buffer, 128), buffer.raw
      def delete(map_fd, fd, size):
          return not bpf(3, struct.pack('IIQ', map_fd, 0, ctypes.addressof(fd)))[0]
      def unestablish(map_fd, fd, size):
          value = ctypes.create_string_buffer(size)
          entry = struct.pack('IIQQQ', map_fd, 0, ctypes.addressof(fd), ctypes.addressof(value), 0)
          if bpf(1, entry)[0]:
              return False
          struct.pack_into('H', value, int(sys.argv[1]), 0)
          struct.pack_into('Q', value, int(sys.argv[2]), 0)
          return not bpf(2, entry)[0]
      def forget(sock, how):
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
                  deleted += how(map_fd, fd, struct.unpack_from('I', info.raw, 12)[0])
              os.close(map_fd)
      listener = socket.create_server(('127.0.0.1', 0))
      client = socket.create_connection(listener.getsockname())
      accepted = listener.accept()[0]
      deleted = forget(client, unestablish) if sys.argv[1:] else forget(accepted, delete)
      client.sendall(b'request'); accepted.recv(64); accepted.sendall(b'response...'); client.recv(64)
      print(deleted, listener.getsockname()[1], flush=True)
      sys.stdin.read()
      """;

  private final Recorder recorder = new Recorder();

  @Test
  void anAcceptedOneIsStillAServers() throws Exception {
    try (SocketAgent agent = agent()) {
      Process missed = missed();
      try {
        int port = port(missed);
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

  @Test
  void aConnectingOneHasItsPort() throws Exception {
    try (SocketAgent agent = agent()) {
      Process missed =
          missed(
              Integer.toString(RecordLayout.LOCAL_PORT),
              Integer.toString(RecordLayout.ESTABLISHED));
      try {
        int port = port(missed);
        Exchange here = recorder.await(1, e -> e.tuple().remote().port() == port).get(0);
        Exchange there = recorder.await(1, e -> e.tuple().local().port() == port).get(0);
        assertEquals(Role.CONNECT, here.role(), here::toString);
        assertTrue(here.has(Exchange.MIDWAY), here::toString);
        assertEquals(there.tuple().remote(), here.tuple().local());
        assertEquals(7, here.volume().bytesOut());
        assertEquals(11, here.volume().bytesIn());
      } finally {
        missed.destroyForcibly().waitFor();
      }
    }
  }

  private SocketAgent agent() throws AgentException {
    Readiness ready = SocketAgent.check(TestHooks.WANTED);
    assumeTrue(ready.ready(), () -> String.join("; ", ready.missing()));
    SocketAgent agent = SocketAgent.start(TestHooks.config(), recorder);
    if (TestHooks.COPYING.contains(agent.stats().hooks())) {
      agent.close();
      abort("states are kept by address, which no program outside the kernel knows");
    }
    return agent;
  }

  private static Process missed(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("python3", "-c", MISSED));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  /** That it listens on. */
  private static int port(Process missed) throws IOException {
    String[] said = missed.inputReader().readLine().split(" ");
    assertTrue(Integer.parseInt(said[0]) > 0, "no probe's state of the socket was taken");
    return Integer.parseInt(said[1]);
  }

  private static boolean wrong(Role role, int listened, int local) {
    return role == Role.CONNECT && listened == local;
  }
}
