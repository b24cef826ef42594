package io.hoptoll.correlator;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A service's paths as they were asked for and what they are called, so that the usual ones are not
 * taken apart every time. Bounded: when full, all are looked up anew.
 *
 * @param <T> what was found
 */
final class RouteNames<T> {
  private final Map<String, T> found = new HashMap<>();

  @Nullable T get(String path) {
    return found.get(path);
  }

  void put(String path, T value) {
    if (path.length() > Limits.LONGEST_ROUTE_ASKED) {
      return;
    }
    if (found.size() >= Limits.ROUTES_ASKED) {
      found.clear();
    }
    found.put(path, value);
  }

  void clear() {
    found.clear();
  }
}
