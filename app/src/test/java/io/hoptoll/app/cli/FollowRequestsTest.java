package io.hoptoll.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code requests --follow} as a process of its own, at the ends of a server and of a pipe. */
class FollowRequestsTest {
  /** Of the looks, those that get no answer; a client asks again once by itself. */
  private static final int FIRST_LOST = 2;

  private static final int LAST_LOST = 5;

  private final AtomicInteger looks = new AtomicInteger();
  private final HttpServer server;

  FollowRequestsTest() throws IOException {
    server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.createContext("/api/v1/requests", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  /** A request more at each look. */
  private void answer(HttpExchange exchange) throws IOException {
    int look = looks.incrementAndGet();
    if (look < FIRST_LOST || look > LAST_LOST) {
      JsonArray newestFirst = new JsonArray();
      for (int n = look; n > 0; n--) {
        newestFirst.add(new JsonObject().put("requestId", "r" + n).put("start", "1"));
      }
      String json = new JsonObject().put("requests", newestFirst).encode();
      byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
    exchange.close();
  }

  @Test
  void aSilentServerIsToldOnceAndAClosedPipeEndsIt() throws Exception {
    Process following = start();
    try {
      BufferedReader out = following.inputReader();
      assertTrue(out.readLine().contains("\"r1\""));
      assertTrue(out.readLine().contains("\"r2\""));
      out.close(); // as head(1) does
      assertTrue(following.waitFor(20, TimeUnit.SECONDS), "still there: " + looks);
      assertEquals(0, following.exitValue());
      String said = following.errorReader().readLine();
      assertTrue(said.contains("no Hoptoll server answers"), said);
      assertEquals(0, following.errorReader().lines().count());
    } finally {
      following.destroyForcibly();
    }
  }

  private Process start() throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String url = "http://127.0.0.1:" + server.getAddress().getPort();
    return new ProcessBuilder(
            java,
            "-cp",
            System.getProperty("java.class.path"),
            Hoptoll.class.getName(),
            "requests",
            "--follow",
            "--output=json",
            "--server=" + url)
        .start();
  }

  @Test
  void aNegativeLimitIsRefusedBeforeAnythingIsAsked() {
    StringWriter said = new StringWriter();
    var command = Hoptoll.commandLine().setErr(new PrintWriter(said));
    String url = "--server=http://127.0.0.1:" + server.getAddress().getPort();
    assertEquals(2, command.execute("requests", "--follow", "--limit=-1", url));
    assertTrue(said.toString().startsWith("--limit -1: wanted is"), said.toString());
    assertEquals(0, looks.get());
  }
}
