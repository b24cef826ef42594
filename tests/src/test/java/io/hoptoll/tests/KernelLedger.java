package io.hoptoll.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.json.JsonObject;
import java.util.function.Consumer;

/** Trees of which every ledger balances and every mark is of a socket. */
final class KernelLedger {
  private KernelLedger() {}

  /**
   * @param each is given every hop of the tree
   */
  static void check(JsonObject hop, Consumer<JsonObject> each) {
    long at = 0;
    for (Object o : hop.getJsonArray("legs")) {
      assertEquals(at, ((JsonObject) o).getLong("startNanos"), hop::encode);
      at += ((JsonObject) o).getLong("nanos");
    }
    assertEquals(hop.getLong("totalNanos"), at, hop::encode);
    for (Object o : hop.getJsonArray("marks")) {
      assertEquals("KERNEL", ((JsonObject) o).getString("source"), hop::encode);
    }
    each.accept(hop);
    hop.getJsonArray("hops").forEach(child -> check((JsonObject) child, each));
  }
}
