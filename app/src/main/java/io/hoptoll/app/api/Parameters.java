package io.hoptoll.app.api;

import io.hoptoll.correlator.Against;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A diagnosis' query parameters.
 *
 * @param fromRank part of the requests to compare, negative where Hoptoll chooses
 */
record Parameters(String path, Range range, Against against, double fromRank) {
  static final String EXAMPLE = "/api/v1/diagnosis?path=/productpage&window=30s";
  private static final String AGO = "-ago";
  static final long DEFAULT_WINDOW = 10;
  static final long DEFAULT_BASELINE = 600;

  static Parameters parse(UnaryOperator<@Nullable String> values, Instant now) {
    Query query = new Query(values, EXAMPLE);
    String path = query.path("path");
    if (path == null) {
      throw query.refuse("path", "", "a URL path that begins with /");
    }
    Range after = span(query, "after");
    Range before = span(query, "before");
    if ((after == null) != (before == null)) {
      String missing = after == null ? "after" : "before";
      throw query.refuse(missing, "", "from/to, as before= and after= come together");
    }
    Range range = after == null ? Range.parse(query, now, DEFAULT_WINDOW) : after;
    return new Parameters(path, range, against(query, range, before), rank(query));
  }

  private static Against against(Query query, Range range, @Nullable Range before) {
    String compare = query.text("compare");
    if (before != null) {
      refuseBeside(query, "compare", "window", "from", "to", "baseline");
      return Against.range(before.fromSecond(), before.toSecond());
    }
    if (compare == null) {
      long baseline = query.seconds("baseline", DEFAULT_BASELINE, Range.MAX_SECONDS);
      return Against.past(range.fromSecond() - baseline, range.fromSecond());
    }
    if (!compare.endsWith(AGO)) {
      throw query.refuse("compare", compare, "how long ago, such as 1h-ago");
    }
    String ago = compare.substring(0, compare.length() - AGO.length());
    long shift = new Query(name -> ago, EXAMPLE).seconds("compare", 0, Range.KEPT_SECONDS);
    return Against.range(range.fromSecond() - shift, range.toSecond() - shift);
  }

  private static void refuseBeside(Query query, String... names) {
    for (String name : names) {
      String text = query.text(name);
      if (text != null) {
        throw query.refuse(name, text, "left out beside before= and after=");
      }
    }
  }

  private static @Nullable Range span(Query query, String name) {
    String text = query.text(name);
    if (text == null) {
      return null;
    }
    String[] ends = text.split("/", -1);
    try {
      Range range =
          new Range(
              Instant.parse(ends[0]).getEpochSecond(), Instant.parse(ends[1]).getEpochSecond());
      if (ends.length == 2 && range.seconds() > 0) {
        return range;
      }
    } catch (DateTimeException | ArrayIndexOutOfBoundsException e) {
      // refused below
    }
    throw Problem.badParameter(
        name,
        text,
        "two RFC 3339 times, from/to",
        "/api/v1/diagnosis?path=/productpage"
            + "&before=2026-01-31T11:00:00Z/2026-01-31T11:10:00Z"
            + "&after=2026-01-31T12:00:00Z/2026-01-31T12:10:00Z");
  }

  private static double rank(Query query) {
    String text = query.text("quantile");
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
