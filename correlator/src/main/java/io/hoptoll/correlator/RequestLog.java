package io.hoptoll.correlator;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The last finished requests, by request id (several may share one). */
final class RequestLog {
  private final Map<String, List<PathNode>> byId = new HashMap<>();
  private final Deque<PathNode> order = new ArrayDeque<>();

  void add(PathNode root) {
    String id = root.hop().requestId();
    if (id.isEmpty()) {
      return;
    }
    byId.computeIfAbsent(id, k -> new ArrayList<>(1)).add(root);
    order.addLast(root);
    if (order.size() > Limits.REQUESTS_KEPT) {
      remove(order.removeFirst());
    }
  }

  List<PathNode> find(String requestId) {
    return List.copyOf(byId.getOrDefault(requestId, List.of()));
  }

  private void remove(PathNode oldest) {
    String id = oldest.hop().requestId();
    List<PathNode> same = byId.get(id);
    if (same != null) {
      same.remove(oldest);
      if (same.isEmpty()) {
        byId.remove(id);
      }
    }
  }
}
