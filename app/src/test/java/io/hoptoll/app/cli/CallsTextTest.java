package io.hoptoll.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

class CallsTextTest {
  private static final Terminal PLAIN = new Terminal(false);

  @Test
  void theSlowestCallIsFirstAndEachHasItsParties() {
    String text = CallsText.calls(answer(call("a", "b", 2), call("b", "c", 9)), "1m", PLAIN);
    List<String> lines = text.lines().toList();
    assertEquals("whose time", lines.get(1).substring(38, 48));
    assertTrue(lines.get(2).endsWith("b → c"), text);
    assertTrue(lines.get(2).contains("   30.0      4   1.000 ms   9.000 ms  "), text);
    assertTrue(lines.get(2).contains("ssssssssssssssssss"), text);
    assertTrue(lines.get(3).endsWith("a → b"), text);
  }

  @Test
  void nobodyCallingIsSaid() {
    assertEquals("no calls in the last 10s\n\n", CallsText.calls(answer(), "10s", PLAIN));
  }

  private static JsonObject answer(JsonObject... calls) {
    return new JsonObject().put("edges", new JsonArray(List.of(calls)));
  }

  private static JsonObject call(String client, String server, long p99Millis) {
    return new JsonObject()
        .put("edge", new JsonObject().put("client", client).put("server", server))
        .put("ratePerSecond", 30.0)
        .put("errors", 4)
        .put("p50Nanos", 1_000_000)
        .put("p99Nanos", p99Millis * 1_000_000)
        .put("parties", new JsonObject().put("SERVER_SIDECAR", 3).put("SERVER_APP", 1));
  }
}
