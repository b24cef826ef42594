package io.hoptoll.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

class PodArgumentTest {
  private static final String WEB = "shop/web-v1-545db77b95-x7k2p";

  private final JsonObject pods =
      new JsonObject()
          .put(
              "pods",
              new JsonArray()
                  .add(pod("shop", "web-v1", "-545db77b95-x7k2p"))
                  .add(pod("shop", "web-v2", "-7c9f8d6b54-abcde"))
                  .add(pod("shop", "web-v2", "-7c9f8d6b54-fghij"))
                  .add(pod("shop", "db", "-0"))
                  .add(pod("test", "db", "-0"))
                  .add(pod("test", "cache", "-0"))
                  .add(pod("test", "cache", "-1")));

  private static JsonObject pod(String namespace, String workload, String end) {
    return new JsonObject()
        .put("namespace", namespace)
        .put("name", workload + end)
        .put("workload", workload);
  }

  @Test
  void aNameOrItsWorkloadsIsEnoughWhereItMeansOnePod() {
    assertEquals(WEB, PodArgument.find("web-v1-545db77b95-x7k2p", pods));
    assertEquals(WEB, PodArgument.find("web-v1", pods));
    assertEquals(WEB, PodArgument.find("shop/web-v1", pods));
    assertEquals("shop/db-0", PodArgument.find("shop/db", pods));
    assertEquals("test/db-0", PodArgument.find("test/db-0", pods));
  }

  @Test
  void whatMeansMoreThanOneOrNoneIsRefusedWithTheNamesThereAre() {
    for (String asked : new String[] {"web-v2", "db-0", "db", "cache", "web", "b-v1", ""}) {
      IllegalArgumentException refused =
          assertThrows(IllegalArgumentException.class, () -> PodArgument.find(asked, pods), asked);
      String words = String.valueOf(refused.getMessage());
      assertTrue(words.contains(WEB), words);
    }
  }
}
