package io.hoptoll.app.api;

import io.hoptoll.correlator.Edge;
import io.hoptoll.correlator.RequestSearch;
import io.hoptoll.correlator.RequestSearch.Filter;
import io.hoptoll.correlator.RequestSearch.Order;
import io.hoptoll.correlator.RequestSearch.Position;
import io.hoptoll.model.Cause;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.Party;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A search's parameters, and its cursor: where the page before ended. */
final class RequestQuery {
  static final String EXAMPLE = "/api/v1/requests?path=/productpage&status=5xx&order=slowest";

  private static final Pattern CODE = Pattern.compile("[0-9]{3}|[1-5]xx|none");
  private static final Pattern CURSOR = Pattern.compile("(\\d{1,18})-(\\d{1,18})");
  private static final int LIMIT = 50;
  private static final int MAX_LIMIT = 500;

  private RequestQuery() {}

  static RequestSearch parse(Query query) {
    Order order = query.choice("order", Order.class);
    return new RequestSearch(
        filter(query),
        order == null ? Order.NEWEST : order,
        cursor(query),
        query.integer("limit", LIMIT, 1, MAX_LIMIT));
  }

  private static Filter filter(Query query) {
    Instant from = query.instant("from");
    Instant to = query.instant("to");
    int[] codes = codes(query);
    return new Filter(
        query.path("path"),
        codes[0],
        codes[1],
        query.choice("party", Party.class),
        edge(query),
        query.choice("failure", Cause.class),
        query.millis("minDuration", 0) * Nanos.PER_MILLI,
        from == null ? 0 : from.getEpochSecond() * Nanos.PER_SECOND,
        to == null ? Long.MAX_VALUE : to.getEpochSecond() * Nanos.PER_SECOND);
  }

  /** The hop of the leg that took most: both its ends, or neither. */
  private static @Nullable Edge edge(Query query) {
    String client = query.text("client");
    String server = query.text("server");
    if (client == null && server == null) {
      return null;
    }
    return new Edge(
        query.required("client", "a service of /api/v1/topology, beside server"),
        query.required("server", "a service of /api/v1/topology, beside client"));
  }

  private static int[] codes(Query query) {
    String text = query.text("status");
    if (text == null) {
      return new int[] {0, 999};
    }
    if (!CODE.matcher(text).matches()) {
      throw query.refuse("status", text, "a status such as 503, 5xx or none (no response)");
    }
    if (text.equals("none")) {
      return new int[] {0, 0};
    }
    int first = Integer.parseInt(text.replace('x', '0'));
    return new int[] {first, text.endsWith("xx") ? first + 99 : first};
  }

  private static @Nullable Position cursor(Query query) {
    String text = query.text("cursor");
    if (text == null) {
      return null;
    }
    Matcher m = CURSOR.matcher(text);
    if (!m.matches()) {
      throw query.refuse("cursor", text, "the nextCursor of an answer");
    }
    return new Position(Long.parseLong(m.group(1)), Long.parseLong(m.group(2)));
  }

  /** Where the next page begins; null where this one was not full. */
  static @Nullable String next(RequestSearch search, List<? extends RequestSearch.Row> page) {
    if (page.size() < search.limit()) {
      return null;
    }
    Position last = Position.of(page.get(page.size() - 1));
    return last.totalNanos() + "-" + last.sequence();
  }
}
