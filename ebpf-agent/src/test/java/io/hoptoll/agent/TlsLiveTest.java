package io.hoptoll.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hoptoll.model.Connection;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.Exchange.Role;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.SocketTuple;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real TLS of the JDK on loopback: handshake, tickets and close_notify are no exchanges. */
@Tag("bpf")
class TlsLiveTest {
  private static final int REQUESTS = 23;
  private static final int REQUEST_BYTES = 101;
  private static final int RESPONSE_BYTES = 2_003;
  private static SSLContext tls;

  private final Recorder recorder = new Recorder();
  private SocketAgent agent;

  @BeforeAll
  static void makeCertificate(@TempDir Path dir) throws Exception {
    tls = TestCertificate.make(dir).context();
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

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void everyRequestIsOneExchangeAtEachEnd(String version) throws Exception {
    SSLServerSocket listener =
        (SSLServerSocket)
            tls.getServerSocketFactory()
                .createServerSocket(0, 16, InetAddress.getLoopbackAddress());
    try (EchoServer server = new EchoServer(listener, REQUEST_BYTES, RESPONSE_BYTES)) {
      exchange(server.port(), version);
      for (Role role : List.of(Role.CONNECT, Role.ACCEPT)) {
        Connection ended =
            recorder
                .awaitConnections(
                    1, c -> isOf(c, role, server.port()) && Nanos.isSet(c.closeNanos()))
                .get(0);
        List<Exchange> turns =
            recorder.await(REQUESTS, e -> e.socketId() == ended.socketId() && e.role() == role);
        assertEquals(REQUESTS, turns.size(), () -> role + ": " + turns);
        assertEquals(REQUESTS, ended.turns());
        turns.forEach(TlsLiveTest::check);
      }
    }
  }

  private static boolean isOf(Connection c, Role role, int port) {
    SocketTuple t = c.tuple();
    return c.role() == role && (role == Role.CONNECT ? t.remote() : t.local()).port() == port;
  }

  private static void check(Exchange e) {
    assertTrue(e.has(Exchange.TLS), e::toString);
    Exchange.Opening o = e.opening();
    assertTrue(Nanos.isSet(o.handshakeStartNanos()), e::toString);
    assertTrue(o.establishedNanos() <= o.handshakeStartNanos(), e::toString);
    assertTrue(o.handshakeStartNanos() < o.handshakeEndNanos(), e::toString);
    boolean connecting = e.role() == Role.CONNECT;
    long requestBytes = connecting ? e.volume().bytesOut() : e.volume().bytesIn();
    long responseBytes = connecting ? e.volume().bytesIn() : e.volume().bytesOut();
    assertTrue(requestBytes > REQUEST_BYTES && requestBytes < 2 * REQUEST_BYTES, e::toString);
    assertTrue(responseBytes > RESPONSE_BYTES, e::toString);
    assertTrue(e.volume().readyEvents() > 0, e::toString);
    long begin = connecting ? e.marks().sendFirstNanos() : e.marks().readyFirstNanos();
    assertTrue(connecting ? begin >= o.handshakeEndNanos() : Nanos.isSet(begin), e::toString);
  }

  private static void exchange(int port, String version) throws Exception {
    try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), port);
        SSLSocket socket =
            (SSLSocket) tls.getSocketFactory().createSocket(plain, "localhost", port, true)) {
      socket.setEnabledProtocols(new String[] {version});
      InputStream in = socket.getInputStream();
      for (int i = 0; i < REQUESTS; i++) {
        socket.getOutputStream().write(new byte[REQUEST_BYTES]);
        assertEquals(RESPONSE_BYTES, in.readNBytes(RESPONSE_BYTES).length);
      }
    }
  }
}
