package io.hoptoll.app.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Which requests of a page, newest first, the page before did not have. Holds one page's names. */
final class Followed {
  private Set<String> before = Set.of();

  /** The oldest first, as they are told. */
  List<JsonObject> news(JsonArray page) {
    List<JsonObject> news = new ArrayList<>();
    Set<String> now = new HashSet<>();
    for (int i = page.size() - 1; i >= 0; i--) {
      JsonObject request = page.getJsonObject(i);
      String name = request.getString("requestId") + ' ' + request.getString("start");
      now.add(name);
      if (!before.contains(name)) {
        news.add(request);
      }
    }
    before = now;
    return news;
  }
}
