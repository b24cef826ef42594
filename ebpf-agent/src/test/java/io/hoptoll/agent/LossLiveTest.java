package io.hoptoll.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hoptoll.model.Connection;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.Exchange.Role;
import io.hoptoll.model.PacketDrop;
import io.hoptoll.model.TransportEvent;
import io.hoptoll.model.TransportEvent.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Real loss in a network namespace of the test: what is told against the kernel's own counters and
 * those of the rules that dropped.
 */
@Tag("bpf")
class LossLiveTest {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
  private static final int REQUEST_BYTES = 223;
  private static final int BODY_BYTES = 24_000_017;

  private final Recorder recorder = new Recorder();
  private TestNetwork network;
  private SocketAgent agent;
  private ServerSocket listener;
  private int port;

  @BeforeEach
  void start() throws Exception {
    Readiness readiness = SocketAgent.check();
    assumeTrue(readiness.ready(), () -> String.join("; ", readiness.missing()));
    network = new TestNetwork();
    agent = SocketAgent.start(new AgentConfig("here", false, Set.of(network.inode())), recorder);
    listener = network.inside(() -> new ServerSocket(0, 1, LOOPBACK));
    port = listener.getLocalPort();
  }

  @AfterEach
  void stop() throws Exception {
    if (agent != null) {
      agent.close();
      listener.close();
      network.close();
    }
  }

  @Test
  void everyRetransmitAndDropOfALossyTransferIsTold() throws Exception {
    network.iptables(
        "-A INPUT -p tcp --dport "
            + port
            + " -m statistic --mode nth --every 23 --packet 7 -j DROP");
    try (Socket client = connect();
        Socket accepted = listener.accept()) {
      CompletableFuture<Integer> read = reading(accepted, BODY_BYTES);
      client.getOutputStream().write(new byte[BODY_BYTES]);
      assertEquals(BODY_BYTES, read.get());
    }
    // Until both ends are closed a FIN, or its ACK, may still be lost and sent again.
    long ofBothEnds = endedRetransmits(Role.CONNECT) + endedRetransmits(Role.ACCEPT);
    long dropped = network.iptablesDrops();
    long sentAgain = network.counter("RetransSegs");
    assertTrue(dropped > 0 && sentAgain > 0, dropped + " dropped, " + sentAgain + " sent again");
    await(() -> retransmits(EnumSet.allOf(Kind.class)) == sentAgain);
    assertEquals(network.counter("TCPFastRetrans"), retransmits(EnumSet.of(Kind.RETRANSMIT_FAST)));
    assertEquals(
        network.counter("TCPSlowStartRetrans"),
        retransmits(EnumSet.of(Kind.RETRANSMIT_AFTER_TIMEOUT)));
    assertEquals(
        network.counter("TCPSynRetrans"),
        retransmits(EnumSet.of(Kind.RETRANSMIT_SYN, Kind.RETRANSMIT_SYN_ACK)));
    await(() -> filtered() == dropped);
    assertEquals(sentAgain, ofBothEnds);
    noFailures();
  }

  private long endedRetransmits(Role role) throws Exception {
    return recorder
        .awaitConnections(1, c -> of(c, role) && c.closeNanos() > 0)
        .get(0)
        .life()
        .retransmits();
  }

  @Test
  void aBlackHoleIsProbedThenTimesOutAndHitsItsTurn() throws Exception {
    try (Socket client = connect();
        Socket accepted = listener.accept()) {
      turn(client, accepted);
      network.iptables("-A INPUT -p tcp --dport " + port + " -j DROP");
      client.getOutputStream().write(new byte[REQUEST_BYTES]);
      TransportEvent probe = events(Kind.RETRANSMIT_PROBE);
      TransportEvent timeout = events(Kind.RETRANSMIT_TIMEOUT);
      network.iptables("-D INPUT -p tcp --dport " + port + " -j DROP");
      assertEquals(REQUEST_BYTES, accepted.getInputStream().readNBytes(REQUEST_BYTES).length);
      answer(client, accepted);
      assertTrue(probe.atNanos() < timeout.atNanos());
      assertEquals(probe.seq(), timeout.seq());
      assertEquals(network.inode(), timeout.netns());
      Exchange hit =
          recorder
              .await(1, e -> remote(e) == port && e.turn() == 1 && e.tcp().retransmits() >= 2)
              .get(0);
      assertEquals(hit.socketId(), timeout.socketId());
      assertEquals(1, timeout.turn());
      PacketDrop drop =
          recorder.awaitDrops(1, d -> d.destination().port() == port && !syn(d)).get(0);
      assertEquals("NETFILTER_DROP", drop.reason());
      assertTrue(drop.location().matches("[a-z_0-9.]+\\+0x[0-9a-f]+"), drop::toString);
    }
  }

  @Test
  void aLostSynIsToldWithItsDropAndOnItsConnection() throws Exception {
    network.iptables(
        "-A INPUT -p tcp --syn -m statistic --mode nth --every 1000 --packet 0 -j DROP");
    try (Socket client = connect()) {
      TransportEvent again = events(Kind.RETRANSMIT_SYN);
      assertEquals(port, again.tuple().remote().port());
      Connection opened = recorder.awaitConnections(1, c -> of(c, Role.CONNECT)).get(0);
      assertEquals(1, opened.opening().synRetransmits());
      PacketDrop drop = recorder.awaitDrops(1, d -> d.destination().port() == port).get(0);
      assertEquals("NETFILTER_DROP", drop.reason());
      assertTrue(syn(drop) && drop.packets() == 1, drop::toString);
      assertEquals(client.getLocalPort(), drop.source().port());
    }
  }

  @Test
  void aLostSynAckIsSentAgainByTheListener() throws Exception {
    network.iptables(
        "-A INPUT -p tcp --sport "
            + port
            + " -m statistic --mode nth --every 1000 --packet 0 -j DROP");
    try (Socket client = connect()) {
      TransportEvent again = events(Kind.RETRANSMIT_SYN_ACK);
      assertEquals(port, again.tuple().local().port());
      assertEquals(client.getLocalPort(), again.tuple().remote().port());
    }
  }

  @Test
  void resetsAreToldByBothEndsWithTheReason() throws Exception {
    try (Socket client = connect();
        Socket accepted = listener.accept()) {
      client.getOutputStream().write(new byte[REQUEST_BYTES]);
      accepted.getInputStream().read();
      accepted.close();
      assertEquals("TCP_ABORT_ON_CLOSE", events(Kind.RESET_SENT).reason());
      assertEquals(port, events(Kind.RESET_RECEIVED).tuple().remote().port());
    }
  }

  @Test
  void nobodyListening() throws Exception {
    listener.close();
    assertThrows(IOException.class, this::connect);
    PacketDrop refused = recorder.awaitDrops(1, PacketDrop::isRefusal).get(0);
    assertEquals(port, refused.destination().port());
    assertEquals(network.inode(), refused.netns());
  }

  @Test
  void anAcceptQueueThatOverflows() throws Exception {
    try (Socket first = connect();
        Socket second = connect()) {
      assertThrows(SocketTimeoutException.class, this::connect);
      TransportEvent full = events(Kind.ACCEPT_QUEUE);
      assertEquals(port, full.tuple().local().port());
      assertEquals(2, full.queued()); // a backlog of 1 lets two in
      assertEquals(1, full.limit());
      long dropped = network.counter("ListenDrops");
      await(() -> amount(EnumSet.of(Kind.ACCEPT_QUEUE)) >= dropped);
      assertTrue(first.isConnected() && second.isConnected());
    }
  }

  @Test
  void aReaderThatDoesNotReadClosesTheWindow() throws Exception {
    try (SocketChannel client =
            network.inside(() -> SocketChannel.open(listener.getLocalSocketAddress()));
        Socket accepted = listener.accept()) {
      client.configureBlocking(false);
      await(() -> full(client) && has(Kind.WINDOW_CLOSED_THERE) && has(Kind.WINDOW_CLOSED_HERE));
      assertEquals(port, events(Kind.WINDOW_CLOSED_HERE).tuple().local().port());
      assertEquals(port, events(Kind.WINDOW_CLOSED_THERE).tuple().remote().port());
      assertTrue(accepted.isConnected());
    }
  }

  @Test
  void aHealthyConnectionHasNoEvents() throws Exception {
    try (Socket client = connect();
        Socket accepted = listener.accept()) {
      for (int i = 0; i < 101; i++) {
        turn(client, accepted);
      }
      client.close();
      assertEquals(-1, accepted.getInputStream().read());
    }
    recorder.awaitConnections(1, c -> of(c, Role.ACCEPT));
    agent.close();
    assertTrue(recorder.events.isEmpty(), recorder.events::toString);
    assertTrue(recorder.drops.isEmpty(), recorder.drops::toString);
  }

  private Socket connect() throws Exception {
    return network.inside(
        () -> {
          Socket socket = new Socket();
          socket.connect(new InetSocketAddress(LOOPBACK, port), 2_500);
          return socket;
        });
  }

  private static void turn(Socket client, Socket accepted) throws IOException {
    client.getOutputStream().write(new byte[REQUEST_BYTES]);
    assertEquals(REQUEST_BYTES, accepted.getInputStream().readNBytes(REQUEST_BYTES).length);
    answer(client, accepted);
  }

  private static void answer(Socket client, Socket accepted) throws IOException {
    accepted.getOutputStream().write(new byte[7]);
    assertEquals(7, client.getInputStream().readNBytes(7).length);
  }

  private static CompletableFuture<Integer> reading(Socket socket, int bytes) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            InputStream in = socket.getInputStream();
            in.skipNBytes(bytes);
            return bytes;
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private static boolean full(SocketChannel client) {
    try {
      return client.write(ByteBuffer.allocate(1 << 20)) == 0;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private TransportEvent events(Kind kind) throws InterruptedException {
    return recorder.awaitEvents(1, e -> e.kind() == kind).get(0);
  }

  private boolean has(Kind kind) {
    return recorder.events.stream().anyMatch(e -> e.kind() == kind);
  }

  private long retransmits(Set<Kind> kinds) {
    return recorder.events.stream()
        .filter(e -> kinds.contains(e.kind()) && e.kind().isRetransmit())
        .mapToLong(TransportEvent::amount)
        .sum();
  }

  private long amount(Set<Kind> kinds) {
    return recorder.events.stream()
        .filter(e -> kinds.contains(e.kind()))
        .mapToLong(TransportEvent::amount)
        .sum();
  }

  private long filtered() {
    return recorder.drops.stream()
        .filter(d -> d.reason().equals("NETFILTER_DROP"))
        .mapToLong(PacketDrop::packets)
        .sum();
  }

  private boolean of(Connection c, Role role) {
    return c.role() == role
        && (role == Role.CONNECT ? c.tuple().remote() : c.tuple().local()).port() == port;
  }

  private static int remote(Exchange e) {
    return e.tuple().remote().port();
  }

  private static boolean syn(PacketDrop d) {
    return (d.tcpFlags() & PacketDrop.SYN) != 0;
  }

  private void noFailures() {
    assertEquals(0, agent.stats().failures().values().stream().mapToLong(n -> n).sum());
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + 5_000_000_000L;
    while (!condition.getAsBoolean() && System.nanoTime() < deadline) {
      Thread.sleep(5);
    }
    assertTrue(condition.getAsBoolean());
  }
}
