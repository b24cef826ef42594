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
  /** As {@link io.hoptoll.model.SidecarSpan#isError} has them. */
  private static final Set<Integer> GRPC_SERVER_ERRORS = Set.of(2, 4, 8, 12, 13, 14, 15);

  public Rule {
    statuses = Set.copyOf(statuses);
  }

  boolean matches(Hop hop) {
    var span = hop.outer().span();
    return matches(span.path(), span.outcome().code(), hop.ledger().totalNanos());
  }

  /** First digit; of gRPC's codes 5 for what is an error of the server, as elsewhere, else 4. */
  private static int statusClass(int code) {
    return code > 0 && code < 100 ? (GRPC_SERVER_ERRORS.contains(code) ? 5 : 4) : code / 100;
  }

  boolean matches(String asked, int code, long nanos) {
    int query = asked.indexOf('?');
    return nanos >= minNanos
        && (statuses.isEmpty() || statuses.contains(statusClass(code)))
        && (path.isEmpty() || Glob.matches(path, query < 0 ? asked : asked.substring(0, query)));
  }
}
