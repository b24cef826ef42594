package io.hoptoll.correlator;

import io.hoptoll.correlator.JoinCounters.Count;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Hop;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Hops → one tree a request, by {@link Parents}.
 *
 * <p>A hop passes two waits: after the first it is given to its parent, after the second it is
 * emitted, if it has none. So all that arrives within one wait of a root goes with it; a root whose
 * request has halves that still wait for a partner (a call out of the mesh has none) waits on, and
 * so does a call by a pod that serves: what it was made for may take long to end.
 */
final class PathAssembly {
  private long adoptedNanos;
  private final Deque<WaitingHop> unattached = new ArrayDeque<>();
  private final Deque<WaitingHop> unemitted = new ArrayDeque<>();
  private final Deque<WaitingHop> past = new ArrayDeque<>();

  /** Roots that are due, but of whose request halves still wait for their partner. */
  private final Deque<WaitingHop> postponed = new ArrayDeque<>();

  /** Halves that HopJoin holds back, and how many of each request. */
  private final Set<HalfHop> awaited = Collections.newSetFromMap(new IdentityHashMap<>());

  private final Map<String, Integer> awaitedOf = new HashMap<>();

  /** Calls by pods that serve, whose parent has not ended yet, in the order of arrival. */
  private final Set<WaitingHop> orphans = new LinkedHashSet<>();

  private final Parents parents;
  private final JoinCounters counters;
  private final Consumer<PathNode> out;

  PathAssembly(JoinCounters counters, Consumer<PathNode> out) {
    this.parents = new Parents(counters);
    this.counters = counters;
    this.out = out;
  }

  /** A half waits for its partner; its hop will come, and may belong to a root that is due. */
  void awaiting(HalfHop half) {
    String id = half.span().request().requestId();
    if (!id.isEmpty() && awaited.add(half)) {
      awaitedOf.merge(id, 1, Integer::sum);
    }
  }

  private void arrived(@Nullable HalfHop half) {
    if (half != null && awaited.remove(half)) {
      awaitedOf.computeIfPresent(
          half.span().request().requestId(), (id, n) -> n > 1 ? n - 1 : null);
    }
  }

  void hop(Hop hop, long nowNanos) {
    WaitingHop w = new WaitingHop(new PathNode(hop), nowNanos);
    unattached.addLast(w);
    parents.add(w);
    if (waiting() > Limits.HOPS_WAITING) {
      counters.add(Count.DROPPED_HOPS);
      emit(oldest());
    }
  }

  void tick(long nowNanos) {
    while (isDue(unattached, nowNanos, Limits.PATH_WAIT_NANOS)) {
      WaitingHop w = unattached.removeFirst();
      attach(w);
      arrived(w.node.hop().client());
      arrived(w.node.hop().server());
      boolean isOrphan = !w.attached && parents.mayHaveParent(w.node.hop());
      (isOrphan ? orphans : unemitted).add(w);
    }
    adopt(nowNanos);
    while (isDue(unemitted, nowNanos, 2 * Limits.PATH_WAIT_NANOS)) {
      WaitingHop w = unemitted.removeFirst();
      if (!w.attached && awaitedOf.containsKey(w.node.hop().requestId())) {
        postponed.addLast(w);
      } else {
        emit(w);
      }
    }
    for (int n = postponed.size(); n > 0; n--) {
      WaitingHop w = postponed.removeFirst();
      boolean late = nowNanos - w.arrivedNanos >= Limits.ROOT_WAIT_NANOS;
      if (late || !awaitedOf.containsKey(w.node.hop().requestId())) {
        emit(w);
      } else {
        postponed.addLast(w);
      }
    }
    while (isDue(past, nowNanos, 4 * Limits.PATH_WAIT_NANOS)) {
      parents.forget(past.removeFirst());
    }
  }

  /** Looks again for the parents of calls; a call that stays without one is a root. */
  private void adopt(long nowNanos) {
    if (orphans.isEmpty() || nowNanos - adoptedNanos < Limits.ADOPT_EVERY_NANOS) {
      return;
    }
    adoptedNanos = nowNanos;
    for (Iterator<WaitingHop> all = orphans.iterator(); all.hasNext(); ) {
      WaitingHop w = all.next();
      attach(w);
      boolean isRoot = nowNanos - w.arrivedNanos >= Limits.ORPHAN_WAIT_NANOS;
      if (w.attached || isRoot || orphans.size() > Limits.ORPHANS) {
        all.remove();
        emit(w);
      }
    }
  }

  int waiting() {
    return unattached.size() + unemitted.size() + postponed.size();
  }

  private WaitingHop oldest() {
    if (!postponed.isEmpty()) {
      return postponed.removeFirst();
    }
    if (!unemitted.isEmpty()) {
      return unemitted.removeFirst();
    }
    WaitingHop w = unattached.removeFirst();
    arrived(w.node.hop().client());
    arrived(w.node.hop().server());
    return w;
  }

  private static boolean isDue(Deque<WaitingHop> queue, long nowNanos, long waitNanos) {
    WaitingHop first = queue.peekFirst();
    return first != null && nowNanos - first.arrivedNanos >= waitNanos;
  }

  private void attach(WaitingHop child) {
    Parents.Found found = parents.of(child);
    if (found == null) {
      return;
    }
    child.attached = true;
    counters.add(Count.PARENTS_INFERRED, found.link() == PathNode.Link.INFERRED ? 1 : 0);
    if (found.parent().emitted) {
      counters.add(Count.HOP_LATE);
    } else {
      found.parent().node.add(child.node, found.link());
    }
  }

  private void emit(WaitingHop w) {
    w.emitted = true;
    past.addLast(w);
    if (w.attached) {
      return;
    }
    if (callerIsMissing(w.node.hop())) {
      counters.add(Count.REQUEST_INCOMPLETE);
    } else {
      counters.add(Count.REQUESTS);
      out.accept(w.node);
    }
  }

  /** A sidecar called (it showed its SPIFFE identity), but its entry never came: half a request. */
  private static boolean callerIsMissing(Hop hop) {
    HalfHop server = hop.server();
    return hop.client() == null
        && server != null
        && server.span().request().peerSan().startsWith("spiffe://");
  }
}
