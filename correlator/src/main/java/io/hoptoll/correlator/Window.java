package io.hoptoll.correlator;

import java.util.HashMap;
import java.util.Map;

/** What ended in one stretch of wall-clock time: requests by path, processes' troubles. */
final class Window {
  final long startSecond;
  final long seconds;
  final Map<String, PathWindow> paths = new HashMap<>();
  final Map<ProcessKey, ProcessTime> processes = new HashMap<>();
  long ringLost;

  Window(long startSecond, long seconds) {
    this.startSecond = startSecond;
    this.seconds = seconds;
  }

  void add(Window other) {
    other.paths.forEach(
        (p, w) -> paths.merge(p, w, (a, b) -> PathWindow.merge(java.util.List.of(a, b))));
    other.processes.forEach((k, t) -> processes.computeIfAbsent(k, x -> new ProcessTime()).add(t));
    ringLost += other.ringLost;
  }

  long endSecond() {
    return startSecond + seconds;
  }
}
