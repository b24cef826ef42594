package io.hoptoll.als;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.hoptoll.model.Endpoint;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.SidecarSpan;
import io.hoptoll.model.SidecarSpan.Kind;
import io.hoptoll.model.SidecarSpan.Protocol;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real Envoy logs to the receiver over a unix socket; what it says is held against the sockets.
 */
@Tag("envoy")
class RealEnvoyTest {
  /** What the app takes for a request at least; the log must show it. */
  private static final long THINK_NANOS = 20 * Nanos.PER_MILLI;

  @TempDir Path dir;

  private final SpanCollector spans = new SpanCollector();
  private final BlockingQueue<Endpoint> peersOfTheApp = new LinkedBlockingQueue<>();
  private HttpServer app;
  private AlsServer server;
  private EnvoyProcess envoy;

  @BeforeEach
  void start() throws Exception {
    Path binary = EnvoyProcess.binary();
    app = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    app.createContext(
        "/",
        exchange -> {
          InetSocketAddress peer = exchange.getRemoteAddress();
          peersOfTheApp.add(Endpoint.ofBytes(peer.getAddress().getAddress(), peer.getPort()));
          think();
          exchange.sendResponseHeaders(200, 2);
          exchange.getResponseBody().write("ok".getBytes(StandardCharsets.US_ASCII));
          exchange.close();
        });
    app.start();
    Path socket = dir.resolve("als.sock");
    server = AlsServer.start(AlsConfig.listeningOn(List.of("unix:" + socket)), spans);
    envoy = EnvoyProcess.start(binary, dir, config(app.getAddress().getPort(), socket));
  }

  @AfterEach
  void stop() throws Exception {
    if (envoy != null) { // an aborted test started nothing
      envoy.close();
      server.close();
      app.stop(0);
    }
  }

  @Test
  void requestWithTheSocketsOfBothItsConnections() throws Exception {
    Endpoint caller = get("http", "/hello?x=1", "traceparent: 00-aa-bb-01\r\n");
    SidecarSpan span = spans.await(1).get(0);
    assertEquals(Kind.END, span.kind());
    assertEquals(Protocol.HTTP1, span.protocol());
    assertEquals(caller, span.downstreamDirectRemote());
    assertEquals(loopback(envoy.port("http")), span.downstreamLocal());
    assertEquals(appsPeer(), span.upstreamLocal());
    assertEquals(loopback(app.getAddress().getPort()), span.upstreamRemote());
    assertEquals("/hello?x=1", span.request().path());
    assertEquals("00-aa-bb-01", span.request().traceparent());
    assertEquals(1, span.request().attempt());
    assertEquals(new SidecarSpan.Outcome(200, "via_upstream", 0, "", 1), span.outcome());
    assertEquals("web-1", span.proxy().pod());
    assertEquals("shop", span.proxy().namespace());
    assertTrue(span.proxy().envoyVersion().startsWith("1."), span.proxy().envoyVersion());
    long wait = span.times().firstUpstreamRxNanos() - span.times().lastUpstreamTxNanos();
    assertTrue(wait >= THINK_NANOS, "waited " + wait + " ns for the app");
    assertTrue(span.times().durationNanos() >= span.times().lastDownstreamTxNanos());
    long age = System.currentTimeMillis() * Nanos.PER_MILLI - span.startWallNanos();
    assertTrue(age > 0 && age < 30 * Nanos.PER_SECOND, "started " + age + " ns ago");
  }

  @Test
  void forwardedForChangesTheRemoteAddressButNotTheDirectOne() throws Exception {
    Endpoint caller = get("http", "/", "x-forwarded-for: 203.0.113.7\r\n");
    SidecarSpan.Addresses addresses = spans.await(1).get(0).addresses();
    assertEquals(caller, addresses.downstreamDirectRemote());
    assertEquals(Endpoint.parse("203.0.113.7", 0), addresses.downstreamRemote());
  }

  @Test
  void localReplyHasNoUpstream() throws Exception {
    get("http", "/direct", "");
    SidecarSpan span = spans.await(1).get(0);
    assertEquals("direct", span.request().routeName());
    assertEquals(418, span.outcome().code());
    assertEquals("direct_response", span.outcome().details());
    assertEquals(Endpoint.NONE, span.upstreamRemote());
    assertEquals(Nanos.UNSET, span.times().firstUpstreamTxNanos());
  }

  @Test
  void connectionLoggedByTheHttpLoggerIsTcp() throws Exception {
    Endpoint caller = get("tcp", "/", "");
    SidecarSpan span = spans.await(1).get(0);
    assertEquals(Protocol.TCP, span.protocol());
    assertEquals(Kind.END, span.kind());
    assertEquals(caller, span.downstreamDirectRemote());
    assertEquals(appsPeer(), span.upstreamLocal());
    assertEquals("app", span.request().upstreamCluster());
    assertTrue(span.times().durationNanos() >= THINK_NANOS, span.times().toString());
    assertTrue(span.bytes().downstreamSent() > 0, span.bytes().toString());
  }

  @Test
  void bothLoggersOnOneListenerGiveEachRequestOnce() throws Exception {
    int requests = 7;
    for (int i = 0; i < requests; i++) {
      get("doubled", "/" + i, "");
    }
    spans.await(requests);
    long deadline = System.nanoTime() + 10 * Nanos.PER_SECOND;
    while (server.stats().duplicates() < requests && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    assertEquals(requests, server.stats().duplicates(), server.stats().toString());
    assertEquals(requests, spans.soFar().size());
    assertEquals(
        requests, spans.soFar().stream().map(s -> s.request().streamId()).distinct().count());
  }

  /** One request on a connection of its own; says which end of it was ours. */
  private Endpoint get(String listener, String path, String headers) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), envoy.port(listener))) {
      String head =
          "GET " + path + " HTTP/1.1\r\nhost: web\r\n" + headers + "connection: close\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      assertTrue(answer.startsWith("HTTP/1.1 "), answer);
      return loopback(socket.getLocalPort());
    }
  }

  private Endpoint appsPeer() throws InterruptedException {
    return Objects.requireNonNull(
        peersOfTheApp.poll(5, TimeUnit.SECONDS), "the app saw no request");
  }

  private static Endpoint loopback(int port) {
    return Endpoint.parse("127.0.0.1", port);
  }

  private static void think() {
    try {
      TimeUnit.NANOSECONDS.sleep(THINK_NANOS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String config(int appPort, Path socket) throws IOException {
    try (InputStream in = RealEnvoyTest.class.getResourceAsStream("/envoy.yaml")) {
      String yaml = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      return yaml.replace("@APP_PORT@", Integer.toString(appPort))
          .replace("@ALS@", socket.toString());
    }
  }
}
