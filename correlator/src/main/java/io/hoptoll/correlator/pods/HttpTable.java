package io.hoptoll.correlator.pods;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * HTTP requests of a line, where heads are looked at ({@code agent.payload: heads}).
 *
 * @param statuses how many by status, below 100 gRPC's; 0: the connection, or of HTTP/2 the stream,
 *     ended without an answer
 * @param routes most requested first
 */
public record HttpTable(Map<Integer, Long> statuses, List<Route> routes) {
  public HttpTable {
    statuses = new TreeMap<>(statuses);
    routes = List.copyOf(routes);
  }

  public boolean isEmpty() {
    return statuses.isEmpty();
  }

  /**
   * One method and path.
   *
   * @param errors status 400 and above, gRPC's that are not 0, or no answer
   * @param meanNanos to the answer's first byte
   */
  public record Route(
      String method, String path, long requests, long errors, long meanNanos, long maxNanos) {}
}
