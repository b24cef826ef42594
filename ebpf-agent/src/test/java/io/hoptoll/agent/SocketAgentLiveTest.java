package io.hoptoll.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hoptoll.model.ClockSample;
import io.hoptoll.model.Connection;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.Exchange.Role;
import io.hoptoll.model.Nanos;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Real sockets of this process on loopback, real kernel: counts, bytes and order are exact. */
@Tag("bpf")
class SocketAgentLiveTest {
  private static final int REQUESTS = 23;
  private static final int CONNECTIONS = 7;
  private static final int REQUEST_BYTES = 101;
  private static final int RESPONSE_BYTES = 2_003;

  private final Recorder recorder = new Recorder();
  private SocketAgent agent;

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
  void everyExchangeOfAKeptAliveConnectionByteExact() throws Exception {
    try (EchoServer server = new EchoServer(REQUEST_BYTES, RESPONSE_BYTES)) {
      for (int c = 0; c < CONNECTIONS; c++) {
        exchange(server.port(), REQUESTS);
      }
      int expected = REQUESTS * CONNECTIONS;
      List<Exchange> clients = recorder.await(expected, at(Role.CONNECT, server.port()));
      List<Exchange> servers = recorder.await(expected, at(Role.ACCEPT, server.port()));
      assertEquals(expected, clients.size());
      assertEquals(expected, servers.size());
      clients.forEach(e -> check(e, RESPONSE_BYTES, REQUEST_BYTES));
      servers.forEach(e -> check(e, REQUEST_BYTES, RESPONSE_BYTES));
      bothEndsAgree(clients, servers);
    }
  }

  @Test
  void aRestingTurnIsFlushedWhileTheConnectionStaysOpen() throws Exception {
    try (EchoServer server = new EchoServer(REQUEST_BYTES, RESPONSE_BYTES);
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      turn(socket);
      Exchange e = recorder.await(1, at(Role.CONNECT, server.port())).get(0);
      assertTrue(e.has(Exchange.FLUSHED));
      assertFalse(e.has(Exchange.CLOSED));
    }
  }

  @Test
  void noDelayIsToldOfTheSocketsThatHaveIt() throws Exception {
    for (boolean set : new boolean[] {true, false}) {
      try (EchoServer server = new EchoServer(REQUEST_BYTES, RESPONSE_BYTES);
          Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
        socket.setTcpNoDelay(set);
        turn(socket);
        Exchange client = recorder.await(1, at(Role.CONNECT, server.port())).get(0);
        Exchange accepted = recorder.await(1, at(Role.ACCEPT, server.port())).get(0);
        assertEquals(set, client.has(Exchange.NODELAY), client::toString);
        assertFalse(accepted.has(Exchange.NODELAY), accepted::toString);
      }
    }
  }

  @Test
  void aSocketOlderThanTheAgentIsTakenIn() throws Exception {
    agent.close();
    try (EchoServer server = new EchoServer(REQUEST_BYTES, RESPONSE_BYTES);
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      turn(socket);
      agent = SocketAgent.start(TestHooks.config(), recorder);
      turn(socket);
      Exchange client = recorder.await(1, at(Role.CONNECT, server.port())).get(0);
      Exchange accepted = recorder.await(1, at(Role.ACCEPT, server.port())).get(0);
      assertTrue(client.has(Exchange.MIDWAY) && accepted.has(Exchange.MIDWAY));
      check(client, RESPONSE_BYTES, REQUEST_BYTES);
    }
  }

  @Test
  void aRefusedConnectionIsReportedWithItsErrno() throws Exception {
    int port;
    try (ServerSocket unused = new ServerSocket(0)) {
      port = unused.getLocalPort();
    }
    try (Socket refused = new Socket()) {
      refused.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    } catch (IOException expected) {
      // refused, as it should be
    }
    List<Connection> closed = connections(Role.CONNECT, port, 1);
    assertEquals(1, closed.size());
    assertEquals(111, closed.get(0).error());
    assertEquals(0, closed.get(0).flags() & Exchange.RESET);
    assertEquals(Role.CONNECT, closed.get(0).role());
  }

  @Test
  void aConnectionIsReportedWhenEstablishedAndAtItsEnd() throws Exception {
    try (EchoServer server = new EchoServer(REQUEST_BYTES, RESPONSE_BYTES)) {
      Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
      Connection opened = connections(Role.CONNECT, server.port(), 1).get(0);
      assertTrue((opened.flags() & Exchange.OPENED) != 0);
      assertFalse(Nanos.isSet(opened.closeNanos()));
      assertTrue(opened.opening().synNanos() <= opened.opening().establishedNanos());
      turn(socket);
      socket.close();
      Connection ended = connections(Role.CONNECT, server.port(), 2).get(1);
      assertFalse((ended.flags() & Exchange.OPENED) != 0);
      assertTrue(Nanos.isSet(ended.closeNanos()));
      assertEquals(opened.socketId(), ended.socketId());
      assertEquals(opened.opening().synNanos(), ended.opening().synNanos());
      assertEquals(1, ended.turns());
      assertEquals(ProcessHandle.current().pid(), ended.owner().tgid());
    }
  }

  @Test
  void aResetIsToldOnTheHungTurnAndOnTheConnection() throws Exception {
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket client = new Socket(InetAddress.getLoopbackAddress(), listener.getLocalPort());
        Socket accepted = listener.accept()) {
      int port = listener.getLocalPort();
      client.getOutputStream().write(new byte[REQUEST_BYTES]);
      assertEquals(REQUEST_BYTES, accepted.getInputStream().readNBytes(REQUEST_BYTES).length);
      assertTrue(recorder.await(1, at(Role.CONNECT, port)).get(0).has(Exchange.FLUSHED));
      accepted.setSoLinger(true, 0);
      accepted.close();
      Connection ended = connections(Role.CONNECT, port, 2).get(1);
      assertEquals(104, ended.error());
      assertTrue((ended.flags() & Exchange.RESET) != 0);
      Predicate<Exchange> reset = e -> e.has(Exchange.RESET) && e.has(Exchange.CLOSED);
      recorder.await(1, at(Role.CONNECT, port).and(reset));
    }
  }

  @Test
  void aSocketInTheAcceptQueueOlderThanTheAgentIsTakenIn() throws Exception {
    agent.close();
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket client = new Socket(InetAddress.getLoopbackAddress(), listener.getLocalPort())) {
      agent = SocketAgent.start(TestHooks.config(), recorder);
      client.getOutputStream().write(new byte[REQUEST_BYTES]);
      try (Socket accepted = listener.accept()) {
        accepted.getInputStream().readNBytes(REQUEST_BYTES);
        Exchange e = recorder.await(1, at(Role.ACCEPT, listener.getLocalPort())).get(0);
        assertTrue(e.has(Exchange.MIDWAY));
        assertEquals(REQUEST_BYTES, e.volume().bytesIn());
      }
    }
  }

  @Test
  void anAcceptedSocketThatIsOnlyPolledHasAnOwner() throws Exception {
    try (ServerSocketChannel listener = ServerSocketChannel.open()) {
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      int port = listener.socket().getLocalPort();
      try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port);
          SocketChannel accepted = listener.accept()) {
        accepted.configureBlocking(false);
        assertEquals(0, accepted.read(ByteBuffer.allocate(1)));
        client.close();
      }
      Connection ended = connections(Role.ACCEPT, port, 1).get(0);
      assertEquals(ProcessHandle.current().pid(), ended.owner().tgid());
      assertEquals(0, ended.turns());
    }
  }

  @Test
  void thisProcessAndItsNamespaceAreKnown() throws Exception {
    try (EchoServer server = new EchoServer(REQUEST_BYTES, RESPONSE_BYTES)) {
      exchange(server.port(), 1);
      Exchange e = recorder.await(1, at(Role.CONNECT, server.port())).get(0);
      assertEquals(ProcessHandle.current().pid(), e.owner().tgid());
      assertTrue(
          recorder.namespaces.stream()
              .anyMatch(
                  n ->
                      n.netns() == e.netns()
                          && n.addresses().stream().anyMatch(a -> a.ip().equals("127.0.0.1"))));
    }
  }

  @Test
  void theKernelsClockIsThatOfJava() throws Exception {
    try (EchoServer server = new EchoServer(REQUEST_BYTES, RESPONSE_BYTES)) {
      long before = System.nanoTime();
      exchange(server.port(), 1);
      long after = System.nanoTime();
      Exchange e = recorder.await(1, at(Role.CONNECT, server.port())).get(0);
      assertTrue(before < e.opening().synNanos(), e::toString);
      assertTrue(e.marks().readLastNanos() < after, e::toString);
      ClockSample clock = recorder.clocks.element();
      assertTrue(clock.boundNanos() < 1_000_000, clock::toString);
      long wall = System.currentTimeMillis() * 1_000_000;
      assertEquals(wall, System.nanoTime() + clock.offsetNanos(), 20_000_000);
    }
  }

  @Test
  void onlyListedNamespacesAreWatched() throws Exception {
    long here = ownNamespace();
    agent.close();
    try (EchoServer server = new EchoServer(REQUEST_BYTES, RESPONSE_BYTES)) {
      agent =
          SocketAgent.start(
              new AgentConfig("here", false, Set.of(here + 1), TestHooks.WANTED), recorder);
      exchange(server.port(), 1);
      agent.close();
      assertTrue(recorder.all().stream().noneMatch(e -> isOf(e, server.port())));
      agent =
          SocketAgent.start(
              new AgentConfig("here", false, Set.of(here), TestHooks.WANTED), recorder);
      exchange(server.port(), 1);
      assertEquals(here, recorder.await(1, at(Role.ACCEPT, server.port())).get(0).netns());
    }
  }

  @Test
  void whatTheRingHoldsAtCloseIsHandedOver() throws Exception {
    try (EchoServer server = new EchoServer(REQUEST_BYTES, RESPONSE_BYTES)) {
      exchange(server.port(), REQUESTS);
      agent.close();
      Predicate<Exchange> ended = e -> e.turn() < REQUESTS - 1; // the last may still be open
      assertEquals(
          REQUESTS - 1,
          recorder.all().stream().filter(at(Role.CONNECT, server.port()).and(ended)).count());
      agent.close(); // a second time does nothing
    }
  }

  @Test
  void statsCountRecordsAndOpenSockets() throws Exception {
    try (EchoServer server = new EchoServer(REQUEST_BYTES, RESPONSE_BYTES);
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      turn(socket);
      recorder.await(1, at(Role.ACCEPT, server.port()));
      AgentStats stats = await(() -> agent.stats(), s -> s.sockets() >= 2 && s.exchanges() >= 2);
      assertTrue(stats.programs().size() > 5, stats::toString);
      assertEquals(0, stats.ringLost());
      assertEquals(0, stats.failures().values().stream().mapToLong(n -> n).sum(), stats::toString);
    }
  }

  private static AgentStats await(Supplier<AgentStats> stats, Predicate<AgentStats> until)
      throws InterruptedException {
    long deadline = System.nanoTime() + 5_000_000_000L;
    while (!until.test(stats.get()) && System.nanoTime() < deadline) {
      Thread.sleep(20);
    }
    assertTrue(until.test(stats.get()), () -> stats.get().toString());
    return stats.get();
  }

  private static long ownNamespace() throws IOException {
    String link = Files.readSymbolicLink(Path.of("/proc/self/ns/net")).toString();
    return Long.parseLong(link.substring(link.indexOf('[') + 1, link.indexOf(']')));
  }

  private static boolean isOf(Exchange e, int port) {
    return e.tuple().local().port() == port || e.tuple().remote().port() == port;
  }

  /** Connection records in order of arrival, once there are {@code count} of them. */
  private List<Connection> connections(Role role, int port, int count) throws InterruptedException {
    return recorder.awaitConnections(
        count,
        c ->
            c.role() == role
                && (role == Role.CONNECT ? c.tuple().remote() : c.tuple().local()).port() == port);
  }

  private static void check(Exchange e, int in, int out) {
    assertEquals(in, e.volume().bytesIn(), e::toString);
    assertEquals(out, e.volume().bytesOut(), e::toString);
    assertTrue(e.volume().readyEvents() > 0, e::toString);
    assertEquals(ProcessHandle.current().pid(), e.owner().tgid());
    Exchange.Marks m = e.marks();
    assertTrue(m.readyFirstNanos() <= m.readFirstNanos(), e::toString);
    assertTrue(m.readFirstNanos() <= m.readLastNanos(), e::toString);
    assertTrue(m.sendFirstNanos() <= m.sendLastNanos(), e::toString);
    boolean connecting = e.role() == Role.CONNECT;
    assertTrue(
        connecting
            ? m.sendFirstNanos() <= m.readyFirstNanos()
            : m.readLastNanos() <= m.sendFirstNanos(),
        e::toString);
  }

  private static void bothEndsAgree(List<Exchange> clients, List<Exchange> servers) {
    for (Exchange c : clients) {
      Exchange s =
          servers.stream()
              .filter(x -> x.tuple().equals(c.tuple().reversed()) && x.turn() == c.turn())
              .findFirst()
              .orElseThrow();
      assertTrue(c.marks().sendFirstNanos() <= s.marks().readyFirstNanos());
      assertTrue(s.marks().sendFirstNanos() <= c.marks().readyFirstNanos());
      assertTrue(Nanos.isSet(c.opening().synNanos()));
    }
  }

  private static Predicate<Exchange> at(Role role, int port) {
    return e ->
        e.role() == role
            && (role == Role.CONNECT ? e.tuple().remote() : e.tuple().local()).port() == port;
  }

  private static void exchange(int port, int requests) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      for (int i = 0; i < requests; i++) {
        turn(socket);
      }
    }
  }

  private static void turn(Socket socket) throws IOException {
    OutputStream out = socket.getOutputStream();
    InputStream in = socket.getInputStream();
    out.write(new byte[REQUEST_BYTES]);
    assertEquals(RESPONSE_BYTES, in.readNBytes(RESPONSE_BYTES).length);
  }
}
