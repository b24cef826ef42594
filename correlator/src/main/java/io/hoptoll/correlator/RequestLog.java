package io.hoptoll.correlator;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The last finished requests, by request id (several may share one), and searched. */
final class RequestLog {
  private final Map<String, List<FinishedRequest>> byId = new HashMap<>();
  private final Deque<FinishedRequest> order = new ArrayDeque<>();
  private long sequence;

  /** Keeps the request if it has an id, for the oldest one when full. */
  FinishedRequest add(PathNode root, String path, List<Charge> charges) {
    FinishedRequest request = FinishedRequest.of(sequence++, root, path, charges);
    String id = root.hop().requestId();
    if (!id.isEmpty()) {
      byId.computeIfAbsent(id, k -> new ArrayList<>(1)).add(request);
      order.addLast(request);
      if (order.size() > Limits.REQUESTS_KEPT) {
        remove(order.removeFirst());
      }
    }
    return request;
  }

  List<FinishedRequest> find(String requestId) {
    return List.copyOf(byId.getOrDefault(requestId, List.of()));
  }

  List<FinishedRequest> search(RequestSearch search) {
    return order.stream()
        .filter(search::matches)
        .sorted(search.comparator())
        .limit(search.limit())
        .toList();
  }

  private void remove(FinishedRequest oldest) {
    String id = oldest.root().hop().requestId();
    List<FinishedRequest> same = byId.get(id);
    if (same != null) {
      same.remove(oldest);
      if (same.isEmpty()) {
        byId.remove(id);
      }
    }
  }
}
