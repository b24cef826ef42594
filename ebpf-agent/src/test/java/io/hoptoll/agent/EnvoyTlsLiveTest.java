package io.hoptoll.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import io.hoptoll.model.Connection;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.Exchange.Role;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.SocketTuple;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Mutual TLS between real Envoys, whose BoringSSL writes and reads as sidecars do. */
@Tag("bpf")
@Tag("envoy")
class EnvoyTlsLiveTest {
  private static final int CALLERS = 5;
  private static final int REQUESTS_EACH = 23;
  private static final int REQUESTS = CALLERS * REQUESTS_EACH;

  /** Three TLS records and a bit. */
  private static final int RESPONSE_BYTES = 50_021;

  private final Recorder recorder = new Recorder();
  @TempDir private Path dir;
  private SocketAgent agent;
  private HttpServer service;

  @BeforeEach
  void start() throws Exception {
    Readiness readiness = SocketAgent.check();
    assumeTrue(readiness.ready(), () -> String.join("; ", readiness.missing()));
    EnvoyPair.binary();
    service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
    service.createContext(
        "/",
        call -> {
          call.getRequestBody().readAllBytes();
          call.sendResponseHeaders(200, RESPONSE_BYTES);
          call.getResponseBody().write(new byte[RESPONSE_BYTES]);
          call.close();
        });
    service.start();
    agent = SocketAgent.start(new AgentConfig("here", false), recorder);
  }

  @AfterEach
  void stop() {
    if (agent != null) {
      agent.close();
    }
    if (service != null) {
      service.stop(0);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1_3", "TLSv1_2"})
  void everyRequestIsOneExchangeAtEachEndOfTheSidecarsConnections(String tls) throws Exception {
    TestCertificate certificate = TestCertificate.make(dir);
    int back;
    try (EnvoyPair envoys =
        EnvoyPair.start(dir, certificate, tls, service.getAddress().getPort())) {
      back = envoys.back();
      callAll(envoys.front());
    }
    List<Exchange> requests = turns(Role.CONNECT, back);
    List<Exchange> served = turns(Role.ACCEPT, back);
    requests.forEach(EnvoyTlsLiveTest::check);
    served.forEach(EnvoyTlsLiveTest::check);
    bothEndsAgree(requests, served);
  }

  /** All turns of the closed connections to {@code port}, as many as there were requests. */
  private List<Exchange> turns(Role role, int port) throws InterruptedException {
    List<Exchange> turns = recorder.await(REQUESTS, e -> is(role, port, e.role(), e.tuple()));
    assertEquals(REQUESTS, turns.size());
    int connections = (int) turns.stream().map(Exchange::socketId).distinct().count();
    List<Connection> ended =
        recorder.awaitConnections(
            connections, c -> is(role, port, c.role(), c.tuple()) && Nanos.isSet(c.closeNanos()));
    assertEquals(REQUESTS, ended.stream().mapToInt(Connection::turns).sum());
    return turns;
  }

  private static boolean is(Role role, int port, Role actual, SocketTuple t) {
    return role == actual && (role == Role.CONNECT ? t.remote() : t.local()).port() == port;
  }

  private static void check(Exchange e) {
    assertTrue(e.has(Exchange.TLS), e::toString);
    boolean connecting = e.role() == Role.CONNECT;
    long response = connecting ? e.volume().bytesIn() : e.volume().bytesOut();
    assertTrue(response > RESPONSE_BYTES && response < 2 * RESPONSE_BYTES, e::toString);
    Exchange.Opening o = e.opening();
    Exchange.Marks m = e.marks();
    assertTrue(o.establishedNanos() <= o.handshakeStartNanos(), e::toString);
    assertTrue(o.handshakeStartNanos() < o.handshakeEndNanos(), e::toString);
    assertTrue(
        connecting
            ? o.handshakeEndNanos() <= m.sendFirstNanos()
            : o.handshakeEndNanos() <= m.readFirstNanos(),
        e::toString);
    assertTrue(
        connecting
            ? m.sendFirstNanos() < m.readyFirstNanos()
            : m.readyFirstNanos() <= m.readFirstNanos() && m.readLastNanos() < m.sendFirstNanos(),
        e::toString);
  }

  private static void bothEndsAgree(List<Exchange> requests, List<Exchange> served) {
    Function<Exchange, List<Object>> key = e -> List.of(e.tuple(), e.turn());
    var byTuple = served.stream().collect(Collectors.toMap(key, Function.identity()));
    for (Exchange e3 : requests) {
      Exchange e4 =
          Objects.requireNonNull(
              byTuple.get(List.of(e3.tuple().reversed(), e3.turn())), e3::toString);
      assertEquals(e3.volume().bytesOut(), e4.volume().bytesIn(), e3::toString);
      if (!e4.has(Exchange.TLS_AMBIGUOUS)) {
        assertTrue(
            e3.marks().sendFirstNanos() <= e4.marks().readyFirstNanos(), () -> e3 + "\n" + e4);
      }
      assertTrue(e4.marks().sendFirstNanos() <= e3.marks().readyFirstNanos(), () -> e3 + "\n" + e4);
    }
  }

  private static void callAll(int port) throws Exception {
    ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
    try {
      List<Future<?>> done = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        done.add(
            callers.submit(
                () -> {
                  HttpClient client = HttpClient.newHttpClient();
                  for (int r = 0; r < REQUESTS_EACH; r++) {
                    call(client, port);
                  }
                  return null;
                }));
      }
      for (Future<?> caller : done) {
        caller.get();
      }
    } finally {
      callers.shutdownNow();
    }
  }

  private static void call(HttpClient client, int port) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
            .version(HttpClient.Version.HTTP_1_1)
            .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[1_009]))
            .build();
    HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
    assertEquals(
        200,
        response.statusCode(),
        () -> new String(response.body(), java.nio.charset.StandardCharsets.UTF_8));
    assertEquals(RESPONSE_BYTES, response.body().length);
  }
}
