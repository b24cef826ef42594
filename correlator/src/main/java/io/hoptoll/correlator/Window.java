package io.hoptoll.correlator;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * What ended in one stretch of wall-clock time: requests by path, calls by edge, processes'
 * troubles.
 */
final class Window {
  final long startSecond;
  final long seconds;
  final Map<String, PathWindow> paths = new HashMap<>();
  final Map<Edge, EdgeWindow> edges = new HashMap<>();
  final Map<ProcessKey, ProcessTime> processes = new HashMap<>();
  long ringLost;

  Window(long startSecond, long seconds) {
    this.startSecond = startSecond;
    this.seconds = seconds;
  }

  void add(Window other) {
    other.paths.forEach((p, w) -> paths.merge(p, w, (a, b) -> PathWindow.merge(List.of(a, b))));
    other.edges.forEach((e, w) -> edges.computeIfAbsent(e, x -> new EdgeWindow()).add(w));
    other.processes.forEach((k, t) -> processes.computeIfAbsent(k, x -> new ProcessTime()).add(t));
    ringLost += other.ringLost;
  }

  /** Paths that get one name are merged. */
  void rename(UnaryOperator<String> names) {
    Map<String, PathWindow> before = Map.copyOf(paths);
    paths.clear();
    before.forEach(
        (path, w) -> paths.merge(names.apply(path), w, (a, b) -> PathWindow.merge(List.of(a, b))));
  }

  /** The calls of an edge; past the bound, of all edges without an entry of their own. */
  EdgeWindow edge(Edge edge, Edge other) {
    boolean own = edges.containsKey(edge) || edges.size() < Limits.EDGES;
    return edges.computeIfAbsent(own ? edge : other, e -> new EdgeWindow());
  }

  long endSecond() {
    return startSecond + seconds;
  }
}
