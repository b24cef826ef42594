package io.hoptoll.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hoptoll.model.Endpoint;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.Exchange.Role;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The other ways to write and read a socket: each kernel path leads to one count of its bytes. */
@Tag("bpf")
class IoStylesLiveTest {
  private static final int TURNS = 11;
  private static final int REQUEST_BYTES = 103;
  private static final int RESPONSE_BYTES = 70_001;

  @TempDir private Path directory;

  private final Recorder recorder = new Recorder();
  private SocketAgent agent;

  /** How one end writes. */
  private interface Writer {
    void write(SocketChannel socket, int bytes) throws IOException;
  }

  @BeforeEach
  void start() throws AgentException {
    Readiness readiness = SocketAgent.check(TestHooks.WANTED);
    assumeTrue(readiness.ready(), () -> String.join("; ", readiness.missing()));
    agent = SocketAgent.start(TestHooks.config(), recorder);
  }

  @AfterEach
  void stop() {
    if (agent != null) {
      agent.close();
    }
  }

  @Test
  void vectors() throws Exception {
    exactly(
        (socket, bytes) -> {
          ByteBuffer[] pieces = {ByteBuffer.allocate(7), ByteBuffer.allocate(bytes - 7)};
          long left = bytes;
          while (left > 0) {
            left -= socket.write(pieces);
          }
        },
        "127.0.0.1");
  }

  /** sendfile(): through tcp_sendpage() before Linux 6.5. */
  @Test
  void filesSent() throws Exception {
    Path file = Files.write(directory.resolve("body"), new byte[RESPONSE_BYTES]);
    try (FileChannel body = FileChannel.open(file)) {
      exactly(
          (socket, bytes) -> {
            long sent = 0;
            while (sent < bytes) {
              sent += body.transferTo(sent, bytes - sent, socket);
            }
          },
          "127.0.0.1");
    }
  }

  @Test
  void ipv6() throws Exception {
    exactly(
        (socket, bytes) -> {
          ByteBuffer whole = ByteBuffer.allocate(bytes);
          while (whole.hasRemaining()) {
            socket.write(whole);
          }
        },
        "::1");
  }

  private void exactly(Writer writer, String address) throws Exception {
    try (ServerSocketChannel listener = ServerSocketChannel.open()) {
      listener.bind(new InetSocketAddress(InetAddress.getByName(address), 0));
      int port = listener.socket().getLocalPort();
      try (SocketChannel client = SocketChannel.open(listener.getLocalAddress());
          SocketChannel server = listener.accept()) {
        for (int i = 0; i < TURNS; i++) {
          writer.write(client, REQUEST_BYTES);
          read(server, REQUEST_BYTES);
          Thread answer = new Thread(() -> read(client, RESPONSE_BYTES));
          answer.start();
          writer.write(server, RESPONSE_BYTES);
          answer.join();
        }
      }
      bytes(Role.CONNECT, port, RESPONSE_BYTES, REQUEST_BYTES);
      bytes(Role.ACCEPT, port, REQUEST_BYTES, RESPONSE_BYTES);
      // the JDK's sockets are IPv6 ones that speak IPv4 to such addresses, too
      Set<String> told =
          recorder.all().stream()
              .map(Exchange::tuple)
              .filter(t -> t.local().port() == port || t.remote().port() == port)
              .flatMap(t -> Stream.of(t.local().ip(), t.remote().ip()))
              .collect(Collectors.toSet());
      assertEquals(Set.of(Endpoint.parse(address, 0).ip()), told);
    }
  }

  private void bytes(Role role, int port, int in, int out) throws InterruptedException {
    Predicate<Exchange> isAt =
        e ->
            e.role() == role
                && (role == Role.CONNECT ? e.tuple().remote() : e.tuple().local()).port() == port;
    // where the machine is slow, a turn that rests halfway is told halfway first
    recorder.await(TURNS, isAt.and(e -> e.volume().bytesIn() + e.volume().bytesOut() >= in + out));
    List<Exchange> found = recorder.await(TURNS, isAt);
    assertEquals(TURNS, found.size());
    for (Exchange e : found) {
      assertEquals(in, e.volume().bytesIn(), e::toString);
      assertEquals(out, e.volume().bytesOut(), e::toString);
    }
  }

  private static void read(SocketChannel from, int bytes) {
    ByteBuffer whole = ByteBuffer.allocate(bytes);
    try {
      while (whole.hasRemaining() && from.read(whole) >= 0) {
        continue;
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
