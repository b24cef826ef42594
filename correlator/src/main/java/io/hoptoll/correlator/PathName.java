package io.hoptoll.correlator;

/** The name under which requests are windowed: the URL path with ids and queries left out. */
final class PathName {
  private static final int MAX_SEGMENTS = 6;

  private PathName() {}

  /** {@code /product/42/reviews?page=2} → {@code /product/{id}/reviews}. */
  static String of(String path) {
    int query = path.indexOf('?');
    String plain = query >= 0 ? path.substring(0, query) : path;
    StringBuilder name = new StringBuilder();
    int segments = 0;
    for (String segment : plain.split("/")) {
      if (!segment.isEmpty()) {
        if (++segments > MAX_SEGMENTS) {
          return name.append("/…").toString();
        }
        name.append('/').append(isId(segment) ? "{id}" : segment);
      }
    }
    return name.isEmpty() ? "/" : name.toString();
  }

  /** All digits, or long with digits in it: a number, a UUID, a hash. */
  private static boolean isId(String segment) {
    long digits = segment.chars().filter(Character::isDigit).count();
    return digits == segment.length() || (segment.length() >= 16 && digits >= 4);
  }
}
