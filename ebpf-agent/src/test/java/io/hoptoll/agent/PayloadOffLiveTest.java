package io.hoptoll.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.Exchange.Role;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A real HTTP server: its exchanges are found all the same; what it speaks is told or not. */
@Tag("bpf")
class PayloadOffLiveTest {
  private static final int REQUESTS = 7;
  private final Recorder recorder = new Recorder();

  @ParameterizedTest
  @EnumSource
  void exchangesAreCountedAlike(Payload payload) throws Exception {
    Readiness ready = SocketAgent.check(TestHooks.WANTED);
    assumeTrue(ready.ready(), () -> String.join("; ", ready.missing()));
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    int port = server.getAddress().getPort();
    try (SocketAgent agent = SocketAgent.start(TestHooks.config().with(payload), recorder)) {
      request(server, port);
      List<Exchange> client = ends(Role.CONNECT, port);
      List<Exchange> served = ends(Role.ACCEPT, port);
      assertEquals(sent(client), received(served));
      assertEquals(received(client), sent(served));
      assertEquals(0, agent.stats().failures().values().stream().mapToLong(n -> n).sum());
      boolean says = agent.missing().stream().anyMatch(m -> m.contains("agent.payload"));
      assertEquals(payload == Payload.OFF, says);
    } finally {
      server.stop(0);
    }
    // closed: all that the ring held was handed over
    boolean told = recorder.protocols.stream().anyMatch(p -> p.tuple().local().port() == port);
    assertEquals(payload != Payload.OFF, told);
    assertTrue(payload != Payload.OFF || recorder.protocols.isEmpty());
    boolean heads = payload == Payload.HEADS;
    long asked =
        recorder.messages.stream()
            .filter(m -> m.tuple().local().port() == port || m.tuple().remote().port() == port)
            .count();
    assertEquals(heads ? 2 * REQUESTS : 0, asked);
    assertEquals(heads, recorder.all().stream().anyMatch(e -> e.httpStatus() == 200));
    assertTrue(heads || recorder.all().stream().allMatch(e -> e.httpStatus() == 0));
  }

  private static void request(HttpServer server, int port) throws Exception {
    server.createContext(
        "/",
        e -> {
          e.sendResponseHeaders(200, -1);
          e.close();
        });
    server.start();
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port)).build();
    for (int i = 0; i < REQUESTS; i++) {
      assertEquals(200, client.send(request, BodyHandlers.discarding()).statusCode());
    }
  }

  private List<Exchange> ends(Role role, int port) throws InterruptedException {
    return recorder.await(
        REQUESTS,
        e ->
            e.role() == role
                && (role == Role.CONNECT ? e.tuple().remote() : e.tuple().local()).port() == port);
  }

  private static long sent(List<Exchange> all) {
    return all.stream().mapToLong(e -> e.volume().bytesOut()).sum();
  }

  private static long received(List<Exchange> all) {
    return all.stream().mapToLong(e -> e.volume().bytesIn()).sum();
  }
}
