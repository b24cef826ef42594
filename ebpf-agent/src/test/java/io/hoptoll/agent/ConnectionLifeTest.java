package io.hoptoll.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hoptoll.model.Connection;
import io.hoptoll.model.Connection.End;
import io.hoptoll.model.Exchange.Role;
import io.hoptoll.model.Nanos;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How connections of this process on loopback begin and end, as both their ends tell it. */
@Tag("bpf")
class ConnectionLifeTest {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
  private static final int REQUEST_BYTES = 211;

  private final Recorder recorder = new Recorder();
  private SocketAgent agent;
  private ServerSocket listener;
  private Socket client;
  private Socket accepted;

  @BeforeEach
  void connect() throws Exception {
    Readiness readiness = SocketAgent.check(TestHooks.WANTED);
    assumeTrue(readiness.ready(), () -> String.join("; ", readiness.missing()));
    agent = SocketAgent.start(TestHooks.config(), recorder);
    listener = new ServerSocket(0, 1, LOOPBACK);
    client = new Socket(LOOPBACK, listener.getLocalPort());
    accepted = new Socket(); // until the test accepts
  }

  @AfterEach
  void stop() throws IOException {
    if (agent != null) {
      agent.close();
      accepted.close();
      client.close();
      listener.close();
    }
  }

  @Test
  void theClientClosesFirst() throws Exception {
    request();
    client.close();
    assertEquals(-1, accepted.getInputStream().read());
    accepted.close();
    Connection c = ended(Role.CONNECT);
    Connection s = ended(Role.ACCEPT);
    assertEquals(End.FIN_SENT_FIRST, c.life().end());
    assertEquals(End.FIN_RECEIVED_FIRST, s.life().end());
    assertTrue(c.life().finSentNanos() <= s.life().finReceivedNanos(), () -> c + " " + s);
    assertTrue(s.life().finReceivedNanos() < s.life().finSentNanos(), () -> c + " " + s);
    assertTrue(s.life().finSentNanos() <= s.closeNanos(), () -> c + " " + s);
    assertTrue(
        s.closingNanos() >= s.life().finSentNanos() - s.life().finReceivedNanos(),
        () -> c + " " + s);
  }

  @Test
  void theServerClosesFirst() throws Exception {
    request();
    accepted.close();
    assertEquals(-1, client.getInputStream().read());
    client.close();
    assertEquals(End.FIN_RECEIVED_FIRST, ended(Role.CONNECT).life().end());
    assertEquals(End.FIN_SENT_FIRST, ended(Role.ACCEPT).life().end());
  }

  @Test
  void aLingerTimeOfZeroIsAReset() throws Exception {
    request();
    client.setSoLinger(true, 0);
    client.close();
    Connection c = ended(Role.CONNECT);
    assertEquals(End.RESET_SENT, c.life().end());
    assertEquals(0, c.error());
    assertEquals(Nanos.UNSET, c.closingNanos());
    Connection s = ended(Role.ACCEPT);
    assertEquals(End.RESET_RECEIVED, s.life().end());
    assertEquals(104, s.error());
  }

  @Test
  void closingWithDataUnreadIsAReset() throws Exception {
    accepted = listener.accept();
    client.getOutputStream().write(new byte[REQUEST_BYTES]);
    accepted.getInputStream().read();
    accepted.close();
    assertEquals(End.RESET_SENT, ended(Role.ACCEPT).life().end());
    assertEquals(REQUEST_BYTES - 1, ended(Role.ACCEPT).life().unreadBytes());
    assertEquals(End.RESET_RECEIVED, ended(Role.CONNECT).life().end());
  }

  @Test
  void aResetAfterThePeersFinIsThePeersBrokenPipe() throws Exception {
    request();
    client.shutdownOutput();
    assertEquals(-1, accepted.getInputStream().read());
    client.setSoLinger(true, 0);
    client.close();
    Connection s = ended(Role.ACCEPT);
    assertEquals(End.RESET_RECEIVED, s.life().end());
    assertEquals(32, s.error());
    assertTrue(Nanos.isSet(s.life().finReceivedNanos()));
  }

  @Test
  void aRefusedConnectionWasNeverEstablished() throws Exception {
    accepted = listener.accept();
    int port = listener.getLocalPort();
    listener.close();
    try (Socket refused = new Socket()) {
      refused.connect(new InetSocketAddress(LOOPBACK, port));
    } catch (IOException expected) {
      // refused, as it should be
    }
    Connection c = ended(Role.CONNECT);
    assertEquals(End.NEVER_ESTABLISHED, c.life().end());
    assertEquals(111, c.error());
    assertFalse(Nanos.isSet(c.opening().establishedNanos()));
  }

  @Test
  void theServersSleepIsTheWaitInTheAcceptQueue() throws Exception {
    long connected = System.nanoTime();
    Thread.sleep(20);
    long awake = System.nanoTime();
    request();
    client.close();
    accepted.close();
    assertTrue(ended(Role.ACCEPT).acceptWaitNanos() >= awake - connected);
    assertEquals(Nanos.UNSET, ended(Role.CONNECT).acceptWaitNanos());
  }

  @Test
  void bytesFirstByteRoundTripsAndInodeOfTheWholeConnection() throws Exception {
    accepted = listener.accept();
    client.getOutputStream().write(new byte[REQUEST_BYTES]);
    assertEquals(REQUEST_BYTES, accepted.getInputStream().readNBytes(REQUEST_BYTES).length);
    accepted.getOutputStream().write(new byte[7]);
    assertEquals(7, client.getInputStream().readNBytes(7).length);
    Set<Long> inodes = socketInodes();
    client.close();
    assertEquals(-1, accepted.getInputStream().read());
    accepted.close();
    Connection c = ended(Role.CONNECT);
    Connection s = ended(Role.ACCEPT);
    // RFC 9293: a FIN takes a sequence number; the client's socket may be gone when the server's
    // comes
    assertEquals(REQUEST_BYTES + 1, s.life().bytesReceived());
    assertEquals(7 + 1, s.life().bytesAcked());
    assertTrue(Set.of(7L, 8L).contains(c.life().bytesReceived()), c::toString);
    assertEquals(0, s.life().unreadBytes() + c.life().unreadBytes());
    assertTrue(s.opening().establishedNanos() <= s.life().firstByteNanos());
    assertTrue(s.life().firstByteNanos() <= c.life().firstByteNanos());
    assertTrue(inodes.contains(c.life().inode()) && inodes.contains(s.life().inode()));
    assertTrue(c.life().rtt().minMicros() > 0);
    assertTrue(c.life().rtt().minMicros() <= c.life().rtt().lastMicros());
    assertTrue(c.life().rtt().smoothedMicros() > 0);
    assertEquals(0, c.life().retransmits());
  }

  private void request() throws IOException {
    if (!accepted.isConnected()) {
      accepted = listener.accept();
    }
    client.getOutputStream().write(1);
    assertEquals(1, accepted.getInputStream().read());
  }

  private Connection ended(Role role) throws InterruptedException {
    int port = listener.getLocalPort();
    return recorder
        .awaitConnections(
            1,
            c ->
                c.role() == role
                    && c.life().end() != End.OPEN
                    && (role == Role.CONNECT ? c.tuple().remote() : c.tuple().local()).port()
                        == port)
        .get(0);
  }

  private static Set<Long> socketInodes() throws IOException {
    Set<Long> inodes = new HashSet<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path file : files) {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
          String target = Files.readSymbolicLink(file).toString();
          if (target.startsWith("socket:[")) {
            inodes.add(Long.parseLong(target.substring(8, target.length() - 1)));
          }
        }
      }
    }
    return inodes;
  }
}
