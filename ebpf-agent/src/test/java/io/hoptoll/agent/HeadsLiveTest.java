package io.hoptoll.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.Exchange.Role;
import io.hoptoll.model.HttpMessage;
import io.hoptoll.model.Nanos;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Heads of HTTP/1 on the apps' own sockets: at both ends, by every set of hooks. */
@Tag("bpf")
class HeadsLiveTest {
  private static final String SECRET = "Bearer-hunter2";

  /** A server and its client in one process: answers 200, 201 and 404. */
  private static final String PYTHON =
      """
      import http.client, http.server, threading
      class H(http.server.BaseHTTPRequestHandler):
          protocol_version = 'HTTP/1.1'
          def answer(self):
              self.rfile.read(int(self.headers.get('content-length', 0)))
              status = 201 if self.command == 'POST' else 404 if 'no' in self.path else 200
              self.send_response(status)
              self.send_header('content-length', '5')
              self.end_headers()
              self.wfile.write(b'hello')
          do_GET = do_POST = answer
          def log_message(self, *a): pass
      s = http.server.ThreadingHTTPServer(('127.0.0.1', 0), H)
      threading.Thread(target=s.serve_forever, daemon=True).start()
      c = http.client.HTTPConnection('127.0.0.1', s.server_port)
      for method, path in (('GET', '/yes'), ('POST', '/made'), ('GET', '/no')):
          c.request(method, path, body=b'x' * 7 if method == 'POST' else None,
                    headers={'x-request-id': 'id-' + path[1:], 'traceparent': '00-a-b-01'})
          c.getresponse().read()
      c.close()
      """;

  private final Recorder recorder = new Recorder();
  private final CountDownLatch release = new CountDownLatch(1);

  @BeforeEach
  void needsLibbpf() {
    Readiness ready = SocketAgent.check(TestHooks.WANTED);
    assumeTrue(ready.ready(), () -> String.join("; ", ready.missing()));
  }

  private static AgentConfig config() {
    return TestHooks.config().with(Payload.HEADS);
  }

  @ParameterizedTest
  @EnumSource
  void bothEndsSeeTheRequestAndItsStatusByEachSet(Hooks hooks) throws Exception {
    HttpServer server = serve();
    int port = server.getAddress().getPort();
    try (SocketAgent agent = SocketAgent.start(config().with(hooks), recorder)) {
      ask(port, "GET /here?token=" + SECRET, "Authorization: " + SECRET + "\r\nx-request-id: r1");
      ask(port, "GET /gone", "x-request-id: r2");
      for (Role role : List.of(Role.CONNECT, Role.ACCEPT)) {
        List<HttpMessage> asked = messages(2, role, port);
        assertEquals(List.of("/here", "/gone"), asked.stream().map(m -> m.head().path()).toList());
        assertEquals("r1", asked.get(0).head().requestId());
        assertEquals("here:80", asked.get(0).head().host());
        assertEquals(role == Role.ACCEPT, asked.get(0).incoming());
        assertEquals(200, answer(asked.get(0)).httpStatus());
        assertEquals(404, answer(asked.get(1)).httpStatus());
      }
      assertFalse(recorder.messages.toString().contains(SECRET));
      assertEquals(0, agent.stats().failures().values().stream().mapToLong(n -> n).sum());
    } catch (AgentException refused) {
      TestHooks.refusedWithWords(hooks, refused);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void aRequestIsToldWhileItHangs() throws Exception {
    HttpServer server = serve();
    int port = server.getAddress().getPort();
    try (SocketAgent agent = SocketAgent.start(config(), recorder);
        Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
      client.getOutputStream().write(bytes("GET /hang HTTP/1.1\r\nHost: here:80\r\n\r\n"));
      HttpMessage asked = messages(1, Role.ACCEPT, port).get(0);
      assertEquals("/hang", asked.head().path());
      assertEquals(ProcessHandle.current().pid(), asked.owner().tgid());
      Exchange flushed = exchange(asked);
      assertEquals(asked.turn(), flushed.turn());
      assertFalse(Nanos.isSet(flushed.marks().sendFirstNanos()));
      assertEquals(asked.atNanos(), flushed.marks().readFirstNanos());
      assertTrue(agent.stats().ringLost() == 0);
    } finally {
      release.countDown();
      server.stop(0);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 256, 512})
  void noMoreBytesThanAsked(int bytes) throws Exception {
    HttpServer server = serve();
    int port = server.getAddress().getPort();
    try (SocketAgent agent = SocketAgent.start(config().withHeadBytes(bytes), recorder)) {
      // 16 bytes end in the path; the id ends at byte 403
      ask(port, "GET /here-and-there", "x-pad: " + "p".repeat(329) + "\r\nx-request-id: far");
      HttpMessage asked = messages(1, Role.ACCEPT, port).get(0);
      assertEquals(bytes == 16 ? "/here-and-th" : "/here-and-there", asked.head().path());
      assertEquals(bytes == 512 ? "far" : "", asked.head().requestId());
      assertEquals(bytes != 512, asked.head().cut());
      assertTrue(agent.stats().ringLost() == 0);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void aPythonServerAndItsClientInANamespace() throws Exception {
    try (NetworkHeads network = new NetworkHeads(recorder)) {
      network.run("python3", "-c", PYTHON);
      List<Exchange> all = recorder.await(6, e -> e.httpStatus() != 0);
      assertEquals(
          List.of(200, 201, 404, 200, 201, 404), all.stream().map(Exchange::httpStatus).toList());
      Set<String> asked =
          recorder.messages.stream()
              .map(m -> m.role() + " " + NetworkHeads.asked(m))
              .collect(Collectors.toSet());
      assertEquals(
          Set.of(
              "CONNECT GET /yes id-yes",
              "CONNECT POST /made id-made",
              "CONNECT GET /no id-no",
              "ACCEPT GET /yes id-yes",
              "ACCEPT POST /made id-made",
              "ACCEPT GET /no id-no"),
          asked);
      assertEquals(6, recorder.messages.size());
      network.noTroubles();
    }
  }

  private HttpServer serve() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext("/", e -> answer(e, e.getRequestURI().getPath()));
    server.start();
    return server;
  }

  private void answer(HttpExchange e, String path) throws IOException {
    try {
      if (path.equals("/hang")) {
        release.await();
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
    e.sendResponseHeaders(path.equals("/gone") ? 404 : 200, -1);
    e.close();
  }

  /** One request on a connection of its own, read to the answer's end. */
  private static void ask(int port, String request, String fields) throws IOException {
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
      client
          .getOutputStream()
          .write(
              bytes(
                  request
                      + " HTTP/1.1\r\nHost: here:80\r\n"
                      + fields
                      + "\r\nConnection: close\r\n\r\n"));
      client.getInputStream().readAllBytes();
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private List<HttpMessage> messages(int count, Role role, int port) throws InterruptedException {
    return recorder.awaitMessages(
        count,
        m ->
            m.role() == role
                && (role == Role.CONNECT ? m.tuple().remote() : m.tuple().local()).port() == port);
  }

  private Exchange exchange(HttpMessage m) throws InterruptedException {
    return recorder.await(1, e -> e.socketId() == m.socketId() && e.turn() == m.turn()).get(0);
  }

  private Exchange answer(HttpMessage m) throws InterruptedException {
    return recorder
        .await(
            1,
            e ->
                e.socketId() == m.socketId()
                    && e.turn() == m.turn()
                    && e.volume().bytesOut() > 0
                    && e.volume().bytesIn() > 0)
        .get(0);
  }
}
