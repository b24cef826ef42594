package io.hoptoll.app.config;

import io.hoptoll.als.AlsConfig;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a setting's text is read.
 *
 * @param wanted what the text must be, as the end of "is not ..."
 * @param read null where the text is not that
 * @param shape how file and flag carry it
 */
public record Kind<T>(String wanted, Function<String, @Nullable T> read, Shape shape) {
  /** A scalar, a sequence (flag repeatable; elsewhere separated by commas), a flag with --no-. */
  public enum Shape {
    SCALAR,
    LIST,
    SWITCH
  }

  static final Kind<String> TEXT = scalar("a text", text -> text);
  static final Kind<Boolean> SWITCH =
      new Kind<>(
          "true or false",
          text -> text.equals("true") ? Boolean.TRUE : text.equals("false") ? Boolean.FALSE : null,
          Shape.SWITCH);
  static final Kind<Boolean> ON_OFF =
      scalar(
          "on or off",
          text -> text.equals("on") ? Boolean.TRUE : text.equals("off") ? Boolean.FALSE : null);
  static final Kind<List<String>> LIST = new Kind<>("a list", Kind::items, Shape.LIST);
  static final Kind<Duration> DURATION =
      scalar("a duration such as 10ms, 30s, 5m, 1h or 30d", Kind::duration);
  static final Kind<Map<String, String>> PAIRS =
      new Kind<>("a list of name=value", Kind::pairs, Shape.LIST);
  static final Kind<List<String>> ALS_TARGETS =
      new Kind<>(
          "a list of host:port or unix:/absolute/path",
          text -> areAlsTargets(items(text)) ? items(text) : null,
          Shape.LIST);
  static final Kind<List<String>> ALS_TARGETS_OR_NONE =
      new Kind<>(
          "a list of host:port or unix:/absolute/path (empty: off)",
          text -> items(text).isEmpty() || areAlsTargets(items(text)) ? items(text) : null,
          Shape.LIST);
  static final Kind<String> ADDRESS =
      scalar("host:port (empty: off)", text -> isAddress(text) ? text : null);
  static final Kind<String> URL =
      scalar("a URL such as http://host:port/path (empty: off)", Kind::url);

  private static final Pattern AMOUNT = Pattern.compile("(\\d{1,9})(ms|s|m|h|d|B|KiB|MiB|GiB)");

  static Kind<Integer> integer(int min, int max) {
    return scalar(
        "a number from %d to %d".formatted(min, max),
        text -> {
          Double n = number(text, min, max);
          return n == null || n != Math.rint(n) ? null : n.intValue();
        });
  }

  static Kind<Long> bytes(String min, String max) {
    return scalar(
        "a size from %s to %s, such as 64MiB".formatted(min, max),
        text -> {
          Long n = bytes(text);
          return n == null || n < size(min) || n > size(max) ? null : n;
        });
  }

  static Kind<Double> decimal(double min, double max) {
    return scalar("a number from %s to %s".formatted(min, max), text -> number(text, min, max));
  }

  /** One of an enumeration's names, in small letters. */
  static <E extends Enum<E>> Kind<E> oneOf(Class<E> type) {
    Map<String, E> byName = new LinkedHashMap<>();
    for (E value : type.getEnumConstants()) {
      byName.put(value.name().toLowerCase(Locale.ROOT), value);
    }
    return scalar("one of " + String.join(", ", byName.keySet()), byName::get);
  }

  private static <T> Kind<T> scalar(String wanted, Function<String, @Nullable T> read) {
    return new Kind<>(wanted, read, Shape.SCALAR);
  }

  private static @Nullable Double number(String text, double min, double max) {
    try {
      double n = Double.parseDouble(text);
      return n >= min && n <= max ? n : null;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static List<String> items(String text) {
    return Arrays.stream(text.split(",")).map(String::strip).filter(s -> !s.isEmpty()).toList();
  }

  private static @Nullable Map<String, String> pairs(String text) {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (String item : items(text)) {
      int equals = item.indexOf('=');
      if (equals < 1) {
        return null;
      }
      pairs.put(item.substring(0, equals), item.substring(equals + 1));
    }
    return pairs;
  }

  private static @Nullable Duration duration(String text) {
    Matcher m = AMOUNT.matcher(text);
    if (!m.matches()) {
      return null;
    }
    long n = Long.parseLong(m.group(1));
    return switch (m.group(2)) {
      case "ms" -> Duration.ofMillis(n);
      case "s" -> Duration.ofSeconds(n);
      case "m" -> Duration.ofMinutes(n);
      case "h" -> Duration.ofHours(n);
      case "d" -> Duration.ofDays(n);
      default -> null;
    };
  }

  private static boolean areAlsTargets(List<String> targets) {
    try {
      return !AlsConfig.listeningOn(targets).listen().isEmpty();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean isAddress(String text) {
    if (text.isEmpty()) {
      return true;
    }
    try {
      URI uri = URI.create("tcp://" + text);
      return uri.getHost() != null
          && uri.getPort() >= 0
          && uri.getPort() <= 65_535
          && uri.getRawPath().isEmpty();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static long size(String text) {
    return Objects.requireNonNull(bytes(text), text);
  }

  private static @Nullable Long bytes(String text) {
    Matcher m = AMOUNT.matcher(text);
    if (!m.matches()) {
      return null;
    }
    long n = Long.parseLong(m.group(1));
    return switch (m.group(2)) {
      case "B" -> n;
      case "KiB" -> n << 10;
      case "MiB" -> n << 20;
      case "GiB" -> n << 30;
      default -> null;
    };
  }

  private static @Nullable String url(String text) {
    if (text.isEmpty()) {
      return text;
    }
    try {
      URI uri = URI.create(text);
      String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
      return scheme.startsWith("http") && uri.getHost() != null ? text : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
