package io.hoptoll.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

class FollowedTest {
  private final Followed followed = new Followed(3);

  @Test
  void eachIsToldOnceTheOldestFirst() {
    assertEquals(List.of("a", "b"), news("b", "a"));
    assertEquals(List.of("c", "d"), news("d", "c", "b"));
    assertEquals(List.of(), news("d", "c", "b"));
    assertEquals(List.of("e"), news("e", "d"));
  }

  /** A client may give all its requests one id: what began at another time is another. */
  @Test
  void oneIdForAllIsNoReasonToLeaveOut() {
    JsonObject first = new JsonObject().put("requestId", "x").put("start", "1");
    JsonObject second = new JsonObject().put("requestId", "x").put("start", "2");
    assertEquals(List.of(first), followed.news(new JsonArray(List.of(first))));
    assertEquals(List.of(second), followed.news(new JsonArray(List.of(second, first))));
  }

  /** Where a full page gets room, older ones of the store are on it. */
  @Test
  void olderOnesThatMoveInAreNoNews() {
    assertEquals(List.of("p", "q", "r"), news("r", "q", "p"));
    assertEquals(List.of("s"), news("s", "r", "o"));
    assertEquals(List.of(), news("s", "o", "n"));
    assertFalse(followed.mayLack());
  }

  @Test
  void aPageFullOfNewsMayLackSome() {
    news("c", "b", "a");
    assertFalse(followed.mayLack());
    assertEquals(List.of("d", "e"), news("e", "d", "c"));
    assertFalse(followed.mayLack());
    assertEquals(List.of("g", "h", "i"), news("i", "h", "g"));
    assertTrue(followed.mayLack());
  }

  private List<String> news(String... newestFirst) {
    JsonArray page = new JsonArray();
    for (String id : newestFirst) {
      page.add(new JsonObject().put("requestId", id).put("start", "1"));
    }
    return followed.news(page).stream().map(r -> r.getString("requestId")).toList();
  }
}
