package io.hoptoll.app.profile;

import io.hoptoll.model.Hop;
import java.util.Set;

/**
 * What a request must be to be kept; all of it holds.
 *
 * @param path with {@code *} for any characters, also {@code /}; empty: any path
 * @param minNanos shortest duration of the pod's call
 * @param statuses first digits of response codes, 0 for none; empty: any
 */
public record Rule(String path, long minNanos, Set<Integer> statuses) {
  public Rule {
    statuses = Set.copyOf(statuses);
  }

  boolean matches(Hop hop) {
    var span = hop.outer().span();
    return matches(span.path(), span.outcome().code(), hop.ledger().totalNanos());
  }

  boolean matches(String asked, int code, long nanos) {
    int query = asked.indexOf('?');
    return nanos >= minNanos
        && (statuses.isEmpty() || statuses.contains(code / 100))
        && (path.isEmpty() || Glob.matches(path, query < 0 ? asked : asked.substring(0, query)));
  }
}
