package io.hoptoll.app.config;

import io.hoptoll.app.config.Kind.Shape;
import java.util.List;
import java.util.function.Function;

/** Settings as YAML that the file may hold as it stands. */
public final class ConfigText {
  private static final int COMMENT_COLUMN = 44;

  private ConfigText() {}

  /** The effective values, each with its source as a comment. */
  public static String effective(Config config) {
    return render(
        s -> {
          Config.Value value = config.value(s);
          String line = name(s) + ": " + (s.secret() ? secret(value) : yaml(s, value.text()));
          return indent(s) + pad(line, COMMENT_COLUMN - indent(s).length()) + "# " + value.source();
        });
  }

  /** The defaults, each with its meaning, environment variable and flag. */
  public static String documented() {
    return render(
        s ->
            "%s# %s. %s, %s%n%s%s: %s"
                .formatted(
                    indent(s),
                    sentence(s.meaning()),
                    s.env(),
                    s.kind().shape() == Shape.SWITCH ? "--[no-]" + s.flag().substring(2) : s.flag(),
                    indent(s),
                    name(s),
                    yaml(s, s.standard())));
  }

  private static String render(Function<Setting<?>, String> line) {
    StringBuilder out = new StringBuilder();
    String section = "";
    for (Setting<?> s : Settings.all()) {
      if (!section(s).equals(section)) {
        section = section(s);
        out.append(section).append(":\n");
      }
      out.append(line.apply(s)).append('\n');
    }
    return out.toString();
  }

  private static String section(Setting<?> s) {
    return s.key().contains(".") ? s.key().substring(0, s.key().indexOf('.')) : "";
  }

  private static String name(Setting<?> s) {
    return s.key().substring(s.key().indexOf('.') + 1);
  }

  private static String indent(Setting<?> s) {
    return section(s).isEmpty() ? "" : "  ";
  }

  private static String secret(Config.Value value) {
    return value.text().isEmpty() ? "\"\"" : "\"***\"";
  }

  private static String yaml(Setting<?> s, String text) {
    if (s.kind().shape() == Shape.LIST) {
      List<String> items = Kind.LIST.read().apply(text);
      return items == null
          ? "[]"
          : "[" + String.join(", ", items.stream().map(ConfigText::quoted).toList()) + "]";
    }
    return quoted(text);
  }

  /** Plain where YAML reads it back as the same text. */
  private static String quoted(String text) {
    boolean plain = text.matches("[A-Za-z0-9/][A-Za-z0-9_./-]*(:[A-Za-z0-9/][A-Za-z0-9_./:-]*)?");
    return plain ? text : "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  private static String sentence(String text) {
    return text.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + text.substring(1);
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(Math.max(1, width - text.length()));
  }
}
