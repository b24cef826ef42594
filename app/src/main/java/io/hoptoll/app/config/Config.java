package io.hoptoll.app.config;

import io.hoptoll.app.config.ConfigFile.Entry;
import io.hoptoll.app.config.Kind.Shape;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The effective settings, each checked, each with the source that won. */
public final class Config {
  /** Names the file where no flag does. */
  public static final String FILE_ENV = "HOPTOLL_CONFIG";

  /** Read if it is there, and neither flag nor environment name another. */
  static final Path STANDARD_FILE = Path.of("/etc/hoptoll/hoptoll.yaml");

  private static final String DEFAULT = "default";

  /**
   * @param text as given
   * @param source a flag, an environment variable, file:line, or "default"
   */
  record Value(Object value, String text, String source) {}

  private final Map<String, Value> values;

  private Config(Map<String, Value> values) {
    this.values = values;
  }

  /** Nothing but defaults. */
  public static Config defaults() {
    return load(null, Map.of(), Map.of());
  }

  /**
   * Flags over environment over file over defaults.
   *
   * @param file named by a flag; null: {@link #FILE_ENV}, else the standard place if it exists
   * @param flags by setting's key
   * @throws ConfigException naming every setting that cannot be used, and where it stands
   */
  public static Config load(
      @Nullable Path file, Map<String, String> env, Map<String, String> flags) {
    List<String> problems = new ArrayList<>();
    Path named = file == null && env.containsKey(FILE_ENV) ? Path.of(get(env, FILE_ENV)) : file;
    Map<String, Entry> entries = Map.of();
    if (named != null || !env.isEmpty() && Files.exists(STANDARD_FILE)) {
      entries = ConfigFile.read(named == null ? STANDARD_FILE : named, problems);
    }
    Map<String, Value> values = new HashMap<>();
    for (Setting<?> setting : Settings.all()) {
      Entry given = given(setting, entries, env, flags);
      Object value = setting.kind().read().apply(given.text());
      if (value == null || given.list() && setting.kind().shape() != Shape.LIST) {
        problems.add(refusal(setting, given));
      } else {
        values.put(setting.key(), new Value(value, given.text(), given.place()));
      }
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    return new Config(values);
  }

  /** The value of one setting. */
  @SuppressWarnings("unchecked") // the setting's own kind made it
  public <T> T get(Setting<T> setting) {
    return (T) value(setting).value();
  }

  /** These settings with one changed by a program. */
  public <T> Config with(Setting<T> setting, T value) {
    Map<String, Value> changed = new HashMap<>(values);
    String text = value instanceof List<?> list ? join(list) : String.valueOf(value);
    changed.put(setting.key(), new Value(value, text, "program"));
    return new Config(changed);
  }

  Value value(Setting<?> setting) {
    return Objects.requireNonNull(values.get(setting.key()));
  }

  private static String refusal(Setting<?> setting, Entry given) {
    String text = setting.secret() ? "the value" : "'" + given.text() + "'";
    return "%s: %s: %s is not %s"
        .formatted(given.place(), setting.key(), text, setting.kind().wanted());
  }

  private static Entry given(
      Setting<?> setting,
      Map<String, Entry> entries,
      Map<String, String> env,
      Map<String, String> flags) {
    if (flags.containsKey(setting.key())) {
      return new Entry(get(flags, setting.key()), setting.flag(), false);
    }
    if (env.containsKey(setting.env())) {
      return new Entry(get(env, setting.env()), setting.env(), false);
    }
    return entries.getOrDefault(setting.key(), new Entry(setting.standard(), DEFAULT, false));
  }

  private static String get(Map<String, String> map, String key) {
    return Objects.requireNonNull(map.get(key));
  }

  private static String join(List<?> items) {
    return String.join(",", items.stream().map(String::valueOf).toList());
  }
}
