package io.hoptoll.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

class SharesTest {
  private final Terminal plain = new Terminal(false);

  @Test
  void cellsAddUpAndHaveLettersWithoutColours() {
    JsonObject parties =
        new JsonObject()
            .put("SERVER_APP", 50)
            .put("CLIENT_SIDECAR", 20)
            .put("SERVER_SIDECAR", 5)
            .put("TRANSPORT", 25);

    assertEquals("aaaaaaaaaaaassssssttttttt".substring(0, 24), Shares.bar(parties, plain));
  }

  @Test
  void nothingIsAnEmptyBar() {
    assertEquals(" ".repeat(Shares.WIDTH), Shares.bar(new JsonObject(), plain));
  }
}
