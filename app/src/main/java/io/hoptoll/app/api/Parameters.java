package io.hoptoll.app.api;

import java.time.Instant;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A diagnosis' query parameters.
 *
 * @param fromRank part of the requests to compare, negative where Hoptoll chooses
 */
record Parameters(String path, Range range, long baselineFromSecond, double fromRank) {
  static final String EXAMPLE = "/api/v1/diagnosis?path=/productpage&window=30s";
  static final long DEFAULT_WINDOW = 10;
  static final long DEFAULT_BASELINE = 600;

  static Parameters parse(UnaryOperator<@Nullable String> values, Instant now) {
    Query query = new Query(values, EXAMPLE);
    String path = query.path("path");
    if (path == null) {
      throw query.refuse("path", "", "a URL path that begins with /");
    }
    Range range = Range.parse(query, now, DEFAULT_WINDOW);
    long baseline = query.seconds("baseline", DEFAULT_BASELINE, Range.MAX_SECONDS);
    return new Parameters(path, range, range.fromSecond() - baseline, rank(query));
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
