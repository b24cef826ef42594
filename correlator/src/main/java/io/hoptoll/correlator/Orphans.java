package io.hoptoll.correlator;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Calls by pods that serve, whose parent has not ended yet. Found by what a parent that comes would
 * know of them, so that none is looked at in vain, however many wait.
 */
final class Orphans {
  /** In the order of arrival. */
  private final Set<WaitingHop> all = new LinkedHashSet<>();

  private final Map<CallName, List<WaitingHop>> byName = new HashMap<>();

  /** Those whose app's socket was seen, by their pod and start: time may tell their parent. */
  private final Map<PodKey, TreeMap<Long, WaitingHop>> byPod = new HashMap<>();

  void add(WaitingHop w) {
    all.add(w);
    for (CallName name : CallName.both(w.request, w.trace)) {
      byName.computeIfAbsent(name, k -> new ArrayList<>(1)).add(w);
    }
    if (isTimed(w)) {
      TreeMap<Long, WaitingHop> own = byPod.computeIfAbsent(w.caller, k -> new TreeMap<>());
      long at = w.node.startNanos();
      while (own.putIfAbsent(at, w) != null) {
        at++;
      }
    }
  }

  void remove(WaitingHop w) {
    all.remove(w);
    for (CallName name : CallName.both(w.request, w.trace)) {
      List<WaitingHop> same = byName.get(name);
      if (same != null && same.remove(w) && same.isEmpty()) {
        byName.remove(name);
      }
    }
    TreeMap<Long, WaitingHop> own = isTimed(w) ? byPod.get(w.caller) : null;
    if (own == null) {
      return;
    }
    long at = w.node.startNanos();
    while (own.containsKey(at) && !own.remove(at, w)) {
      at++;
    }
    if (own.isEmpty()) {
      byPod.remove(w.caller);
    }
  }

  /** Those that this may be the parent of. */
  Set<WaitingHop> of(Served parent) {
    Set<WaitingHop> found = new LinkedHashSet<>();
    for (CallName name : CallName.both(parent.request, parent.trace)) {
      for (WaitingHop w : byName.getOrDefault(name, List.of())) {
        if (parent.servesAt(w.node.startNanos())) {
          found.add(w);
        }
      }
    }
    TreeMap<Long, WaitingHop> own = parent.isAppSeen() ? byPod.get(parent.pod) : null;
    if (own != null && parent.fromNanos <= parent.answeredNanos) {
      own.subMap(parent.fromNanos, true, parent.answeredNanos, true).values().stream()
          .limit(Limits.PARENTS_LOOKED_AT)
          .forEach(found::add);
    }
    return found;
  }

  @Nullable WaitingHop oldest() {
    return all.isEmpty() ? null : all.iterator().next();
  }

  int size() {
    return all.size();
  }

  private static boolean isTimed(WaitingHop w) {
    var client = w.node.hop().client();
    return w.caller != null && client != null && client.callingApp() != null;
  }
}
