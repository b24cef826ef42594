package io.hoptoll.correlator;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The parts of one request's total, each what one leg of one hop took on the critical path. Used
 * again for the next request.
 */
final class Charges {
  private Edge[] edges = new Edge[32];
  private long[] kinds = new long[32];
  private long[] nanos = new long[32];
  private int size;

  /** Whom an app waited for beside its hops, and how long. */
  record Waited(Edge edge, String peer, long nanos) {}

  private final List<Waited> waited = new ArrayList<>(2);

  void clear() {
    size = 0;
    waited.clear();
  }

  void waited(Edge edge, String peer, long itsNanos) {
    waited.add(new Waited(edge, peer, itsNanos));
  }

  List<Waited> waited() {
    return waited;
  }

  /**
   * @param ofKinds bit set of {@link io.hoptoll.model.LegKind#bit()}
   */
  void add(Edge edge, long ofKinds, long itsNanos) {
    if (size == edges.length) {
      edges = Arrays.copyOf(edges, 2 * size);
      kinds = Arrays.copyOf(kinds, 2 * size);
      nanos = Arrays.copyOf(nanos, 2 * size);
    }
    edges[size] = edge;
    kinds[size] = ofKinds;
    nanos[size++] = itsNanos;
  }

  int size() {
    return size;
  }

  Edge edge(int i) {
    return edges[i];
  }

  long kinds(int i) {
    return kinds[i];
  }

  long nanos(int i) {
    return nanos[i];
  }
}
