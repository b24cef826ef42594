package io.hoptoll.correlator;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Calls by pods that serve, whose parent has not ended yet. A parent that comes finds those of its
 * time, so that none is looked at in vain, however many wait.
 */
final class Orphans {
  /** Those whose app's socket was seen, by their pod and start: time may tell their parent. */
  private final Map<PodKey, TreeMap<Long, WaitingHop>> byPod = new HashMap<>();

  private final AgeList<WaitingHop> all = new AgeList<>();

  void add(WaitingHop w) {
    all.add(w);
    w.isOrphan = true;
    if (isTimed(w)) {
      TreeMap<Long, WaitingHop> own = byPod.computeIfAbsent(w.caller.key, k -> new TreeMap<>());
      long at = w.node.startNanos();
      while (own.putIfAbsent(at, w) != null) {
        at++;
      }
      w.at = at;
    }
  }

  void remove(WaitingHop w) {
    all.remove(w);
    w.isOrphan = false;
    TreeMap<Long, WaitingHop> own = isTimed(w) ? byPod.get(w.caller.key) : null;
    if (own == null) {
      return;
    }
    own.remove(w.at, w);
    if (own.isEmpty()) {
      byPod.remove(w.caller.key);
    }
  }

  /** Those that began while this was served: time may tell that it is their parent. */
  List<WaitingHop> during(Served parent) {
    TreeMap<Long, WaitingHop> own = parent.isAppSeen() ? byPod.get(parent.pod.key) : null;
    if (own == null || parent.fromNanos > parent.answeredNanos) {
      return List.of();
    }
    return own.subMap(parent.fromNanos, true, parent.answeredNanos, true).values().stream()
        .limit(Limits.PARENTS_LOOKED_AT)
        .toList();
  }

  @Nullable WaitingHop oldest() {
    return all.oldest();
  }

  int size() {
    return all.size();
  }

  private static boolean isTimed(WaitingHop w) {
    var client = w.node.hop().client();
    return w.caller != null && client != null && client.callingApp() != null;
  }
}
