package io.hoptoll.app.api;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Parses a diagnosis' query parameters; each refusal says what was wrong and shows a right one.
 *
 * @param fromSecond first second of the range, epoch
 * @param toSecond first second after it
 * @param fromRank part of the requests to compare, negative where Hoptoll chooses
 */
record Parameters(
    String path, long fromSecond, long toSecond, long baselineFromSecond, double fromRank) {
  private static final String EXAMPLE = "/api/v1/diagnosis?path=/productpage&window=30s";
  private static final Pattern DURATION = Pattern.compile("(\\d{1,6})(s|m|h)");
  private static final long DEFAULT_WINDOW = 10;
  private static final long DEFAULT_BASELINE = 600;
  private static final long MAX_WINDOW = 86_400;

  /** Windows are by a request's end; the range's last second is the one that is running. */
  static Parameters parse(UnaryOperator<@Nullable String> query, Instant now) {
    String path = query.apply("path");
    if (path == null || !path.startsWith("/")) {
      throw Problem.badParameter(
          "path", path == null ? "" : path, "a URL path that begins with /", EXAMPLE);
    }
    long window = duration("window", query.apply("window"), DEFAULT_WINDOW);
    long to = instant("to", query.apply("to"), now.getEpochSecond() + 1);
    long from = instant("from", query.apply("from"), to - window);
    if (from >= to) {
      throw Problem.badParameter("from", "" + query.apply("from"), "before to", EXAMPLE);
    }
    long baseline = duration("baseline", query.apply("baseline"), DEFAULT_BASELINE);
    return new Parameters(path, from, to, from - baseline, rank(query.apply("quantile")));
  }

  private static long duration(String name, @Nullable String text, long otherwise) {
    if (text == null) {
      return otherwise;
    }
    Matcher m = DURATION.matcher(text);
    if (!m.matches()) {
      throw Problem.badParameter(name, text, "a duration such as 30s, 5m or 1h", EXAMPLE);
    }
    long unit = m.group(2).equals("s") ? 1 : m.group(2).equals("m") ? 60 : 3600;
    long seconds = Long.parseLong(m.group(1)) * unit;
    if (seconds < 1 || seconds > MAX_WINDOW) {
      throw Problem.badParameter(name, text, "between 1s and 24h", EXAMPLE);
    }
    return seconds;
  }

  private static long instant(String name, @Nullable String text, long otherwise) {
    if (text == null) {
      return otherwise;
    }
    try {
      return Instant.parse(text).getEpochSecond();
    } catch (DateTimeException e) {
      throw Problem.badParameter(
          name, text, "an RFC 3339 time", EXAMPLE + "&" + name + "=2026-01-31T12:00:00Z");
    }
  }

  private static double rank(@Nullable String text) {
    if (text == null) {
      return -1;
    }
    try {
      double rank = Double.parseDouble(text);
      if (rank >= 0 && rank < 1) {
        return rank;
      }
    } catch (NumberFormatException e) {
      // refused below
    }
    throw Problem.badParameter(
        "quantile", text, "a number from 0 to below 1", EXAMPLE + "&quantile=0.9");
  }
}
