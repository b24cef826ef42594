package io.hoptoll.correlator;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What ended in one stretch of wall-clock time: requests by path, calls by edge, processes'
 * troubles.
 */
class Window {
  final long startSecond;
  final long seconds;
  final Map<String, PathWindow> paths = new HashMap<>();
  final Map<Edge, EdgeWindow> edges = new HashMap<>();
  final Map<ProcessKey, ProcessTime> processes = new HashMap<>();
  long ringLost;

  /** Entries left out under load. */
  long shed;

  /** Requests on sidecars' sockets that their access logs told, and did not; where it is known. */
  long told;

  long untold;

  Window(long startSecond, long seconds) {
    this.startSecond = startSecond;
    this.seconds = seconds;
  }

  /** Parts, read alone: of an archived window they are not all in memory. */
  @Nullable PathWindow path(String path) {
    return paths.get(path);
  }

  @Nullable EdgeWindow edge(Edge edge) {
    return edges.get(edge);
  }

  @Nullable ProcessTime process(ProcessKey key) {
    return processes.get(key);
  }

  /** Whose the processes were, where the window itself knows. */
  void eachOwner(BiConsumer<ProcessKey, Actor> out) {
    // the live table knows
  }

  long ringLost() {
    return ringLost;
  }

  long shed() {
    return shed;
  }

  long told() {
    return told;
  }

  long untold() {
    return untold;
  }

  void eachPath(BiConsumer<String, PathWindow> out) {
    paths.forEach(out);
  }

  void eachEdge(BiConsumer<Edge, EdgeWindow> out) {
    edges.forEach(out);
  }

  boolean isEmpty() {
    return paths.isEmpty()
        && edges.isEmpty()
        && processes.isEmpty()
        && ringLost + shed + told + untold == 0;
  }

  /** Of a window in memory. */
  void add(Window other) {
    other.paths.forEach((p, w) -> paths.merge(p, w, (a, b) -> PathWindow.merge(List.of(a, b))));
    other.edges.forEach((e, w) -> edges.computeIfAbsent(e, x -> new EdgeWindow()).add(w));
    other.processes.forEach((k, t) -> processes.computeIfAbsent(k, x -> new ProcessTime()).add(t));
    ringLost += other.ringLost;
    shed += other.shed;
    told += other.told;
    untold += other.untold;
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
    EdgeWindow known = edges.get(edge);
    if (known != null) {
      return known;
    }
    Edge own = edges.size() < Limits.EDGES ? edge : other;
    return edges.computeIfAbsent(own, e -> new EdgeWindow());
  }

  long endSecond() {
    return startSecond + seconds;
  }
}
