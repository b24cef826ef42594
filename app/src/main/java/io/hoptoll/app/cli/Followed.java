package io.hoptoll.app.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which requests of a page, newest first, are newer than all of the page before. Older ones that it
 * did not have are no news: they move in where others left. Holds one page's names.
 */
final class Followed {
  private final int most;
  private @Nullable Set<String> before;
  private boolean mayLack;

  /**
   * @param most requests of a full page
   */
  Followed(int most) {
    this.most = most;
  }

  /** The oldest first, as they are told. */
  List<JsonObject> news(JsonArray page) {
    List<JsonObject> news = new ArrayList<>();
    Set<String> now = new HashSet<>();
    boolean isNew = true;
    for (int i = 0; i < page.size(); i++) {
      JsonObject request = page.getJsonObject(i);
      String name = name(request);
      now.add(name);
      isNew = isNew && (before == null || !before.contains(name));
      if (isNew) {
        news.add(0, request);
      }
    }
    mayLack = before != null && news.size() >= most;
    before = now;
    return news;
  }

  /** Whether the last page was full of news: there may be more, which it had no room for. */
  boolean mayLack() {
    return mayLack;
  }

  /** A client may give all its requests one id, or none. */
  private static String name(JsonObject request) {
    return request.getString("requestId")
        + ' '
        + request.getString("start")
        + ' '
        + request.getLong("totalNanos");
  }
}
