package io.hoptoll.bench.overhead;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Numbers of several rounds by a name; each name's median. In the order of first sight. */
final class Samples {
  private final Map<String, List<Double>> all = new LinkedHashMap<>();

  void add(String name, double value) {
    all.computeIfAbsent(name, n -> new ArrayList<>()).add(value);
  }

  Set<String> names() {
    return all.keySet();
  }

  /** NaN of what was never measured. */
  double median(String name) {
    List<Double> sorted = new ArrayList<>(all.getOrDefault(name, List.of()));
    Collections.sort(sorted);
    int middle = sorted.size() / 2;
    if (sorted.isEmpty()) {
      return Double.NaN;
    }
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  double sum(String name) {
    return all.getOrDefault(name, List.of()).stream().mapToDouble(Double::doubleValue).sum();
  }
}
