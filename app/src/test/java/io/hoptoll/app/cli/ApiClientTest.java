package io.hoptoll.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.hoptoll.app.cli.ApiClient.ApiException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a client makes of answers that Hoptoll's own server never gives, and of none. */
class ApiClientTest {
  private final List<String> asked = new ArrayList<>();
  private HttpServer other;
  private ApiClient client;

  ApiClientTest() throws IOException {
    other = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    client = new ApiClient("http://127.0.0.1:" + other.getAddress().getPort() + "/");
  }

  @BeforeEach
  void start() {
    answer("/html", 200, "<html>");
    answer("/empty", 503, "");
    answer("/echo", 200, "{}");
    answer("/moved", 302, "{\"moved\": true}");
    other.start();
  }

  @AfterEach
  void stop() {
    other.stop(0);
  }

  private void answer(String path, int status, String body) {
    other.createContext(
        path,
        exchange -> {
          String sent =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          asked.add(exchange.getRequestMethod() + " " + sent);
          byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("location", "/echo");
          exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
  }

  @Test
  void whatIsNoHoptollIsSaidToBeNone() {
    ApiException e = assertThrows(ApiException.class, () -> client.get("/html"));
    assertTrue(words(e).endsWith("is no Hoptoll server: no JSON"), words(e));
  }

  @Test
  void aRefusalWithoutWordsHasItsStatus() {
    assertEquals(503, assertThrows(ApiException.class, () -> client.get("/empty")).status());
  }

  @Test
  void aBodyIsSentOnceAndADeleteHasNone() {
    assertEquals(new JsonObject(), client.post("/echo", new JsonObject().put("a", 1)));
    client.delete("/echo");
    assertEquals(List.of("POST {\"a\":1}", "DELETE "), asked);
  }

  @Test
  void nobodyIsFollowedElsewhere() {
    assertEquals(true, client.get("/moved").getBoolean("moved"));
    assertEquals(List.of("GET "), asked);
  }

  @Test
  void whereNobodyListensIsSaidWithWhatToDo() {
    other.stop(0);
    ApiException e = assertThrows(ApiException.class, () -> client.get("/echo"));
    assertEquals(0, e.status());
    assertTrue(words(e).contains("start one (hoptoll server)"), words(e));
  }

  @Test
  void anAddressThatIsNoHttpIsRefused() {
    ApiException e = assertThrows(ApiException.class, () -> new ApiClient("file:///tmp").get("/x"));
    assertTrue(words(e).contains("is no http:// or https:// address"), words(e));
  }

  private static String words(ApiException e) {
    return String.valueOf(e.getMessage());
  }
}
