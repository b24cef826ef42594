package io.hoptoll.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import io.grpc.Status;
import io.hoptoll.model.Exchange.Role;
import io.hoptoll.model.HttpMessage;
import io.hoptoll.model.SocketTuple;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Heads at the level {@code protocol}: of the namespaces that a task asks for, while it asks. The
 * connections are kept alive over begin and end.
 */
@Tag("bpf")
class TaskHeadsLiveTest {
  private static final long ELSEWHERE = 1; // no namespace has this inode

  private final Recorder recorder = new Recorder();

  @BeforeEach
  void needsLibbpf() {
    Readiness ready = SocketAgent.check(TestHooks.WANTED);
    assumeTrue(ready.ready(), () -> String.join("; ", ready.missing()));
  }

  @ParameterizedTest
  @EnumSource
  void http1IsReadWhileAskedByEachSet(Hooks hooks) throws Exception {
    HttpServer server = serve();
    int port = server.getAddress().getPort();
    try (SocketAgent agent = SocketAgent.start(config().with(hooks), recorder);
        Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
      ask(client, "/before");
      agent.readHeads(Map.of(ELSEWHERE, 512));
      ask(client, "/of-another");
      agent.readHeads(Map.of(ELSEWHERE, 512, netns(), 512));
      ask(client, "/asked");
      agent.readHeads(Map.of(netns(), 18));
      ask(client, "/asked-for-less");
      agent.readHeads(Map.of());
      ask(client, "/after");
      for (Role role : List.of(Role.CONNECT, Role.ACCEPT)) {
        recorder.await(5, e -> e.role() == role && port(role, e.tuple()) == port);
        assertEquals(
            List.of("GET /asked id", "GET /asked-for-les "),
            recorder.messages.stream()
                .filter(m -> m.role() == role && port(role, m.tuple()) == port)
                .map(NetworkHeads::asked)
                .toList());
        assertEquals(
            List.of(0, 0, 200, 200, 0),
            recorder.await(5, e -> e.role() == role && port(role, e.tuple()) == port).stream()
                .map(e -> e.httpStatus())
                .toList());
      }
      assertEquals(Map.of(), NetworkHeads.troubles(agent));
    } catch (AgentException refused) {
      TestHooks.refusedWithWords(hooks, refused);
    } finally {
      server.stop(0);
    }
  }

  @ParameterizedTest
  @EnumSource
  void grpcIsReadOfConnectionsBegunWhileAskedByEachSet(Hooks hooks) throws Exception {
    try (SocketAgent agent = SocketAgent.start(config().with(hooks), recorder);
        GrpcCalls older = new GrpcCalls();
        GrpcCalls calls = new GrpcCalls()) {
      older.call("Get", "older", new byte[3]);
      agent.readHeads(Map.of(netns(), 256));
      older.call("Get", "older-asked", new byte[3]);
      assertEquals(Status.Code.OK, calls.call("Get", "r1", new byte[70_000]));
      assertEquals(Status.Code.NOT_FOUND, calls.call("Miss", "r2", new byte[3]));
      if (TestHooks.COPYING.contains(hooksOf(agent))) { // they would have to be verified for it
        awaitFailure(agent, "http2_midway");
        assertTrue(recorder.messages.isEmpty(), recorder.messages::toString);
        return;
      }
      for (Role role : List.of(Role.CONNECT, Role.ACCEPT)) {
        recorder.awaitMessages(2, m -> isAt(m, role, calls.port()) && m.concludes());
      }
      agent.readHeads(Map.of());
      // the tables are let go of, and what hangs is not known any more
      recorder.awaitMessages(
          2, m -> isAt(m, m.role(), calls.port()) && m.stream() == HttpMessage.ALL_STREAMS);
      calls.call("Get", "after", new byte[3]);
      agent.readHeads(Map.of(netns(), 256));
      calls.call("Get", "after-a-gap", new byte[3]);
      awaitFailure(agent, "http2_midway");
      assertEquals(
          List.of("POST /shop.Cart/Get r1", "POST /shop.Cart/Miss r2"),
          recorder.messages.stream()
              .filter(m -> isAt(m, Role.ACCEPT, calls.port()) && m.head().isRequest())
              .map(NetworkHeads::asked)
              .toList());
      assertTrue(
          recorder.messages.stream().noneMatch(m -> isAt(m, m.role(), older.port())),
          recorder.messages::toString);
      assertEquals(Map.of(), NetworkHeads.troubles(agent));
    } catch (AgentException refused) {
      TestHooks.refusedWithWords(hooks, refused);
    }
  }

  @Test
  void offReadsNothingWhoeverAsks() throws Exception {
    HttpServer server = serve();
    int port = server.getAddress().getPort();
    try (SocketAgent agent = SocketAgent.start(config().with(Payload.OFF), recorder);
        Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
      agent.readHeads(Map.of(netns(), 512));
      ask(client, "/asked");
      recorder.await(1, e -> e.tuple().local().port() == port);
    } finally {
      server.stop(0);
    }
    assertTrue(recorder.messages.isEmpty(), recorder.messages::toString);
  }

  /** Which is the node's own, too, where agents run. */
  @Test
  void theAgentsOwnNamespaceIsNotReadUnlessItWasStartedForIt() throws Exception {
    HttpServer server = serve();
    int port = server.getAddress().getPort();
    try (SocketAgent agent = SocketAgent.start(TestHooks.config(), recorder);
        Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
      agent.readHeads(Map.of(netns(), 512));
      ask(client, "/asked");
      recorder.await(1, e -> e.tuple().local().port() == port);
      assertTrue(agent.taskRefusal(netns()).contains("the node's own"));
    } finally {
      server.stop(0);
    }
    assertTrue(recorder.messages.isEmpty(), recorder.messages::toString);
  }

  /** For this process's namespace. */
  private static AgentConfig config() throws IOException {
    return new AgentConfig("here", false, Set.of(netns())).with(TestHooks.WANTED);
  }

  private static HttpServer serve() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        e -> {
          e.sendResponseHeaders(200, 2);
          e.getResponseBody().write(new byte[2]);
          e.close();
        });
    server.start();
    return server;
  }

  /** One request, and its whole answer. */
  private static void ask(Socket client, String path) throws IOException {
    String request = "GET " + path + " HTTP/1.1\r\nHost: here\r\nx-request-id: id\r\n\r\n";
    client.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    byte[] answer = new byte[4_096];
    int length = 0;
    while (!new String(answer, 0, length, StandardCharsets.US_ASCII).endsWith("\r\n\r\n\0\0")) {
      length += client.getInputStream().read(answer, length, answer.length - length);
    }
  }

  private static String hooksOf(SocketAgent agent) throws InterruptedException {
    while (agent.stats().hooks().isEmpty()) {
      Thread.sleep(20);
    }
    return agent.stats().hooks();
  }

  private static void awaitFailure(SocketAgent agent, String name) throws InterruptedException {
    for (int i = 0; i < 100 && agent.stats().failures().getOrDefault(name, 0L) == 0; i++) {
      Thread.sleep(50);
    }
    assertTrue(agent.stats().failures().getOrDefault(name, 0L) > 0, agent.stats()::toString);
  }

  private static boolean isAt(HttpMessage m, Role role, int port) {
    return m.role() == role && port(role, m.tuple()) == port;
  }

  private static int port(Role role, SocketTuple tuple) {
    return (role == Role.CONNECT ? tuple.remote() : tuple.local()).port();
  }

  /** Of this process. */
  private static long netns() throws IOException {
    return ((Number) Files.getAttribute(Path.of("/proc/self/ns/net"), "unix:ino")).longValue();
  }
}
