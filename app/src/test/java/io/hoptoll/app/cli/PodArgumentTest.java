package io.hoptoll.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

class PodArgumentTest {
  private final JsonObject pods =
      new JsonObject()
          .put(
              "pods",
              new JsonArray()
                  .add(pod("shop", "web-v1-x7k2p"))
                  .add(pod("shop", "web-v2-abcde"))
                  .add(pod("shop", "web-v2-fghij"))
                  .add(pod("shop", "db-0"))
                  .add(pod("test", "db-0")));

  private static JsonObject pod(String namespace, String name) {
    return new JsonObject().put("namespace", namespace).put("name", name);
  }

  @Test
  void aNameOrItsWorkloadsIsEnoughWhereItMeansOnePod() {
    assertEquals("shop/web-v1-x7k2p", PodArgument.find("web-v1-x7k2p", pods));
    assertEquals("shop/web-v1-x7k2p", PodArgument.find("web-v1", pods));
    assertEquals("shop/web-v1-x7k2p", PodArgument.find("shop/web-v1", pods));
    assertEquals("test/db-0", PodArgument.find("test/db-0", pods));
  }

  @Test
  void whatMeansMoreThanOneOrNoneIsRefusedWithTheNamesThereAre() {
    for (String asked : new String[] {"web-v2", "db-0", "web", "b-v1", ""}) {
      IllegalArgumentException refused =
          assertThrows(IllegalArgumentException.class, () -> PodArgument.find(asked, pods), asked);
      String words = String.valueOf(refused.getMessage());
      assertTrue(words.contains("shop/web-v1-x7k2p"), words);
    }
  }
}
