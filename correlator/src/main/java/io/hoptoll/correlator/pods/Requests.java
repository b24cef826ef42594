package io.hoptoll.correlator.pods;

import io.hoptoll.model.HttpHead;
import io.hoptoll.model.Nanos;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** HTTP requests of one side of a line, by status and by route; what has no room is {other}. */
final class Requests {
  private static final String OTHER = "{other}";

  /** Below are gRPC's errors, and 0: no answer. */
  private static final int LEAST_HTTP = 100;

  private record Route(String method, String path) {}

  private static final class Count {
    long requests;
    long errors;
    long answered;
    long nanos;
    long maxNanos;
  }

  private final TreeMap<Integer, Long> statuses = new TreeMap<>();
  private final Map<Route, Count> routes = new HashMap<>();

  /**
   * @param names gives the path's name
   */
  void add(Answer a, UnaryOperator<String> names) {
    add(a.status(), a.head(), a.nanos(), names);
  }

  private void add(int status, @Nullable HttpHead head, long answer, UnaryOperator<String> names) {
    if (statuses.containsKey(status) || statuses.size() < Limits.STATUSES_PER_LINE) {
      statuses.merge(status, 1L, Long::sum);
    }
    Route route =
        head == null
            ? new Route("", OTHER)
            : new Route(head.method(), head.path().isEmpty() ? OTHER : names.apply(head.path()));
    if (!routes.containsKey(route) && routes.size() >= Limits.ROUTES_PER_LINE) {
      route = new Route("", OTHER);
    }
    Count count = routes.computeIfAbsent(route, r -> new Count());
    count.requests++;
    count.errors += status < LEAST_HTTP || status >= 400 ? 1 : 0;
    if (Nanos.isSet(answer)) {
      count.answered++;
      count.nanos += answer;
      count.maxNanos = Math.max(count.maxNanos, answer);
    }
  }

  HttpTable table() {
    List<HttpTable.Route> all = new ArrayList<>();
    routes.forEach(
        (r, c) ->
            all.add(
                new HttpTable.Route(
                    r.method,
                    r.path,
                    c.requests,
                    c.errors,
                    c.answered == 0 ? 0 : c.nanos / c.answered,
                    c.maxNanos)));
    all.sort(Comparator.comparingLong(HttpTable.Route::requests).reversed());
    return new HttpTable(statuses, all);
  }
}
