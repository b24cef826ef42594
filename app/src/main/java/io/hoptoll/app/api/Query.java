package io.hoptoll.app.api;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads query parameters; each refusal says what was wrong and shows a right one.
 *
 * @param values by name; null where not given
 * @param example a resource with right parameters, for refusals
 */
record Query(UnaryOperator<@Nullable String> values, String example) {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,6})(ms|s|m|h|d)");

  @Nullable String text(String name) {
    return values.apply(name);
  }

  /** A path name: a URL path, a TCP service, or the name of all beyond the bound. */
  @Nullable String path(String name) {
    String path = values.apply(name);
    if (path != null && !isPath(path)) {
      throw refuse(name, path, "a URL path that begins with /, or tcp:SERVICE:PORT");
    }
    return path;
  }

  private static boolean isPath(String path) {
    return path.startsWith("/") || path.startsWith("{") || path.startsWith("tcp:");
  }

  String required(String name, String wanted) {
    String text = values.apply(name);
    if (text == null || text.isEmpty()) {
      throw refuse(name, "", wanted);
    }
    return text;
  }

  /** Whole seconds between 1 and a bound of up to an hour or more. */
  long seconds(String name, long otherwise, long max) {
    String text = values.apply(name);
    if (text == null) {
      return otherwise;
    }
    long seconds = millis(name, text) / 1_000;
    if (seconds < 1 || seconds > max) {
      throw refuse(name, text, "between 1s and " + words(max));
    }
    return seconds;
  }

  /** A duration in milliseconds, such as 250ms. */
  long millis(String name, long otherwise) {
    String text = values.apply(name);
    return text == null ? otherwise : millis(name, text);
  }

  private long millis(String name, String text) {
    Matcher m = DURATION.matcher(text);
    if (!m.matches()) {
      throw refuse(name, text, "a duration such as 30s, 5m or 1h");
    }
    long unit =
        switch (m.group(2)) {
          case "ms" -> 1;
          case "s" -> 1_000;
          case "m" -> 60_000;
          case "h" -> 3_600_000;
          default -> 86_400_000;
        };
    return Long.parseLong(m.group(1)) * unit;
  }

  @Nullable Instant instant(String name) {
    String text = values.apply(name);
    if (text == null) {
      return null;
    }
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw Problem.badParameter(
          name, text, "an RFC 3339 time", example + "&" + name + "=2026-01-31T12:00:00Z");
    }
  }

  int integer(String name, int otherwise, int min, int max) {
    String text = values.apply(name);
    if (text == null) {
      return otherwise;
    }
    try {
      int value = Integer.parseInt(text);
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException e) {
      // refused below
    }
    throw refuse(name, text, "a whole number from " + min + " to " + max);
  }

  /** One of an enum's names, in any case, with - or _. */
  <E extends Enum<E>> @Nullable E choice(String name, Class<E> type) {
    String text = values.apply(name);
    if (text == null) {
      return null;
    }
    String wanted = text.toUpperCase(Locale.ROOT).replace('-', '_');
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equals(wanted)) {
        return constant;
      }
    }
    String names =
        java.util.Arrays.stream(type.getEnumConstants())
            .map(c -> c.name().toLowerCase(Locale.ROOT))
            .collect(java.util.stream.Collectors.joining(", "));
    throw refuse(name, text, "one of " + names);
  }

  Problem refuse(String name, String value, String wanted) {
    return Problem.badParameter(name, value, wanted, example);
  }

  private static String words(long seconds) {
    return seconds % 3_600 == 0 ? seconds / 3_600 + "h" : seconds / 60 + "m";
  }
}
