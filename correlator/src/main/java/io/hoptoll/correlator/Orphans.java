package io.hoptoll.correlator;

import java.util.ArrayList;
import java.util.Collections;
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
  private final NameTable<WaitingHop> byName = new NameTable<>();

  /** Those whose app's socket was seen, by their pod and start: time may tell their parent. */
  private final Map<PodKey, TreeMap<Long, WaitingHop>> byPod = new HashMap<>();

  private final AgeList<WaitingHop> all = new AgeList<>();

  void add(WaitingHop w) {
    all.add(w);
    byName.add(w.request);
    byName.add(w.trace);
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
    byName.remove(w.request);
    byName.remove(w.trace);
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
    CallName<WaitingHop> byRequest = byName.first(parent.request);
    CallName<WaitingHop> byTrace = byName.first(parent.trace);
    TreeMap<Long, WaitingHop> own = parent.isAppSeen() ? byPod.get(parent.pod) : null;
    if (byRequest == null && byTrace == null && own == null) {
      return Set.of(); // most
    }
    Set<WaitingHop> found = new LinkedHashSet<>();
    addNamed(byRequest, parent, found);
    addNamed(byTrace, parent, found);
    if (own != null && parent.fromNanos <= parent.answeredNanos) {
      own.subMap(parent.fromNanos, true, parent.answeredNanos, true).values().stream()
          .limit(Limits.PARENTS_LOOKED_AT)
          .forEach(found::add);
    }
    return found;
  }

  /** In the order of arrival: the table has them the other way round. */
  private void addNamed(
      @Nullable CallName<WaitingHop> first, Served parent, Set<WaitingHop> found) {
    List<WaitingHop> named = new ArrayList<>(2);
    for (CallName<WaitingHop> at = first; at != null; at = byName.next(at)) {
      if (parent.servesAt(at.owner.node.startNanos())) {
        named.add(at.owner);
      }
    }
    Collections.reverse(named);
    found.addAll(named);
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
