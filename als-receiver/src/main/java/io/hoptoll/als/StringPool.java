package io.hoptoll.als;

import java.util.HashMap;
import java.util.Map;

/**
 * Gives equal strings of one stream as one object, since a sidecar repeats its few cluster, route
 * and host names in every entry. Bounded: once full, new strings pass through unshared. One thread.
 */
final class StringPool {
  private final Map<String, String> pool = new HashMap<>();

  String share(String s) {
    if (s.isEmpty()) {
      return "";
    }
    if (s.length() > Limits.POOLED_STRING_CHARS) {
      return s;
    }
    String known = pool.get(s);
    if (known != null) {
      return known;
    }
    if (pool.size() < Limits.POOLED_STRINGS) {
      pool.put(s, s);
    }
    return s;
  }
}
