package io.hoptoll.app.config;

import java.util.Locale;

/**
 * One setting.
 *
 * @param key its place in the file, sections and name joined by dots
 * @param flag of the command line
 * @param standard the default, as it would stand in the file
 * @param meaning one sentence for file, help and docs
 * @param secret its value is never printed
 */
public record Setting<T>(
    String key, String flag, Kind<T> kind, String standard, String meaning, boolean secret) {

  static <T> Setting<T> of(String key, Kind<T> kind, String standard, String meaning) {
    return new Setting<>(key, "--" + words(key, "-"), kind, standard, meaning, false);
  }

  /** With another flag than the one that follows from the key. */
  Setting<T> flag(String flag) {
    return new Setting<>(key, flag, kind, standard, meaning, secret);
  }

  Setting<T> hidden() {
    return new Setting<>(key, flag, kind, standard, meaning, true);
  }

  /** {@code http.port} → {@code HOPTOLL_HTTP_PORT}. */
  public String env() {
    return "HOPTOLL_" + words(key, "_").toUpperCase(Locale.ROOT);
  }

  private static String words(String key, String separator) {
    return key.replaceAll("([a-z])([A-Z])", "$1" + separator + "$2")
        .replace(".", separator)
        .toLowerCase(Locale.ROOT);
  }
}
