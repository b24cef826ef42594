package io.hoptoll.app.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Words, numbers and bars for a terminal; colours only where there is one. */
public final class Terminal {
  private static final String[] EIGHTHS = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};

  private static final char ESCAPE = '\u001b';
  private static final int HANGING = 4;

  private final boolean colours;

  public Terminal(boolean colours) {
    this.colours = colours;
  }

  /** Colours on a terminal, unless NO_COLOR is set (no-color.org). */
  public static Terminal detect() {
    return new Terminal(System.console() != null && System.getenv("NO_COLOR") == null);
  }

  /** How much fits; where the output is no terminal: anything. */
  record Size(int columns, int rows) {
    static final Size ANY = new Size(Integer.MAX_VALUE, Integer.MAX_VALUE);

    /** What terminals have had since there are any. */
    static final Size USUAL = new Size(80, 24);

    /** As {@code stty size} says it: rows, then columns. */
    static Size of(String said) {
      String[] parts = said.trim().split(" ");
      boolean told = parts.length == 2 && said.trim().matches("[1-9]\\d{0,3} [1-9]\\d{0,3}");
      return told ? new Size(Integer.parseInt(parts[1]), Integer.parseInt(parts[0])) : USUAL;
    }
  }

  /** As it is now: a window may have been drawn larger. */
  static Size size() {
    if (System.console() == null) {
      return Size.ANY;
    }
    try {
      Process stty = new ProcessBuilder("stty", "size").redirectInput(new File("/dev/tty")).start();
      String said = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      return Size.of(said);
    } catch (IOException e) {
      return Size.USUAL;
    }
  }

  /** What fits into so many columns. */
  static String fit(String text, int columns) {
    return text.length() <= columns ? text : text.substring(0, Math.max(0, columns - 1)) + "…";
  }

  /** Breaks lines that do not fit between words; what follows stands further in. */
  static String wrapped(String text, int columns) {
    if (columns == Integer.MAX_VALUE) {
      return text;
    }
    StringBuilder out = new StringBuilder();
    for (String line : text.split("(?<=\n)")) {
      out.append(wrappedLine(line, columns));
    }
    return out.toString();
  }

  private static String wrappedLine(String line, int columns) {
    int indent = indent(line);
    String rest = line;
    StringBuilder out = new StringBuilder();
    int at = end(rest, columns);
    int space = rest.lastIndexOf(' ', at);
    while (at < rest.stripTrailing().length() && space > indent(rest)) {
      out.append(rest.substring(0, space).stripTrailing()).append('\n');
      rest = " ".repeat(indent + HANGING) + rest.substring(space).stripLeading();
      at = end(rest, columns);
      space = rest.lastIndexOf(' ', at);
    }
    return out.append(rest).toString();
  }

  private static int indent(String line) {
    return line.length() - line.stripLeading().length();
  }

  /** Where the columns end: codes of colours take none. */
  private static int end(String line, int columns) {
    int at = 0;
    for (int seen = 0; at < line.length(); at++) {
      if (line.charAt(at) == ESCAPE) {
        at = line.indexOf('m', at);
        if (at < 0) {
          return line.length();
        }
      } else if (++seen > columns) {
        return at;
      }
    }
    return at;
  }

  /**
   * Codes that have a screen show these lines and nothing else. Each is cleared before it is drawn:
   * after one as wide as the screen the cursor still stands on its last cell.
   */
  static String over(String lines) {
    return "\u001b[H\u001b[K" + lines.replace("\n", "\n\u001b[K") + "\u001b[J";
  }

  /** {@code 1 line}, {@code 2 lines}. */
  static String count(long n, String thing) {
    return n + " " + thing + (n == 1 ? "" : "s");
  }

  /** A duration for a sentence. */
  static String duration(double nanos) {
    double seconds = nanos / 1e9;
    return seconds < 10
        ? millis(nanos).trim()
        : String.format(Locale.ROOT, seconds < 100 ? "%.1f s" : "%.0f s", seconds);
  }

  public boolean hasColours() {
    return colours;
  }

  public String bold(String text) {
    return paint("1", text);
  }

  public String dim(String text) {
    return paint("2", text);
  }

  public String red(String text) {
    return paint("31;1", text);
  }

  public String green(String text) {
    return paint("32;1", text);
  }

  public String yellow(String text) {
    return paint("33", text);
  }

  /** A bar of {@code share} (0..1) of {@code width} cells, in eighths of a cell. */
  public static String bar(double share, int width) {
    int eighths = (int) Math.round(Math.max(0, Math.min(1, share)) * width * 8);
    return "█".repeat(eighths / 8) + EIGHTHS[eighths % 8];
  }

  /** Milliseconds, right-aligned in ten columns. */
  public static String millis(double nanos) {
    double ms = nanos / 1e6;
    String digits = Math.abs(ms) < 10 ? "%7.3f ms" : "%7.1f ms";
    return String.format(Locale.ROOT, digits, ms);
  }

  /** The party's colour, the same on every screen. */
  public String party(String party, String text) {
    return switch (party) {
      case "CLIENT_APP", "SERVER_APP" -> paint("36", text);
      case "CLIENT_SIDECAR", "SERVER_SIDECAR" -> paint("35", text);
      case "TRANSPORT" -> paint("33", text);
      default -> paint("37", text);
    };
  }

  private String paint(String code, String text) {
    return colours ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }
}
