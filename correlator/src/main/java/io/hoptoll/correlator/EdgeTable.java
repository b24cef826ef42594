package io.hoptoll.correlator;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The edges of one record, each written once, where it first appears. */
final class EdgeTable {
  private final Map<Edge, Integer> written = new HashMap<>();
  private final List<Edge> read = new ArrayList<>();
  private final Map<Edge, Edge> shared;

  EdgeTable() {
    this(new HashMap<>());
  }

  /**
   * @param shared edges of the records read before: equal ones become one object
   */
  EdgeTable(Map<Edge, Edge> shared) {
    this.shared = shared;
  }

  void write(Out out, Edge edge) {
    Integer known = written.get(edge);
    out.number(known == null ? 0 : known);
    if (known == null) {
      out.text(edge.client()).text(edge.server());
      written.put(edge, written.size() + 1);
    }
  }

  Edge read(In in) {
    int number = (int) in.number();
    if (number > 0) {
      return read.get(number - 1);
    }
    Edge edge = shared.computeIfAbsent(new Edge(in.text(), in.text()), e -> e);
    read.add(edge);
    return edge;
  }
}
