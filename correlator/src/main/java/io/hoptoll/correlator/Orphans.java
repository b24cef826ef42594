package io.hoptoll.correlator;

import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Calls by pods that serve, whose parent has not ended yet. A parent that comes finds those of its
 * time, so that none is looked at in vain, however many wait.
 */
final class Orphans {
  private final AgeList<WaitingHop> all = new AgeList<>();

  void add(WaitingHop w) {
    all.add(w);
    w.isOrphan = true;
    TreeMap<Long, WaitingHop> own = ofItsPod(w);
    if (own != null) {
      w.at = w.node.startNanos();
      while (own.putIfAbsent(w.at, w) != null) {
        w.at++;
      }
    }
  }

  void remove(WaitingHop w) {
    all.remove(w);
    w.isOrphan = false;
    TreeMap<Long, WaitingHop> own = ofItsPod(w);
    if (own != null) {
      own.remove(w.at, w);
    }
  }

  /** Those that began while this was served: time may tell that it is their parent. */
  List<WaitingHop> during(Served parent) {
    if (!parent.isAppSeen() || parent.fromNanos > parent.answeredNanos) {
      return List.of();
    }
    return parent
        .pod
        .orphans
        .subMap(parent.fromNanos, true, parent.answeredNanos, true)
        .values()
        .stream()
        .limit(Limits.PARENTS_LOOKED_AT)
        .toList();
  }

  @Nullable WaitingHop oldest() {
    return all.oldest();
  }

  int size() {
    return all.size();
  }

  /** Of those whose app's socket was seen. */
  private static @Nullable TreeMap<Long, WaitingHop> ofItsPod(WaitingHop w) {
    PodHabits caller = w.caller;
    return caller == null || !w.isTimed() ? null : caller.orphans;
  }
}
