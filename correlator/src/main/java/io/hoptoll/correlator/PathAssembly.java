package io.hoptoll.correlator;

import io.hoptoll.correlator.JoinCounters.Count;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Hop;
import io.hoptoll.model.SidecarSpan;
import io.hoptoll.model.SidecarSpan.Kind;
import io.hoptoll.model.SidecarSpan.Protocol;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
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
 * request has entries that are not joined yet (a call out of the mesh finds no partner) waits on,
 * and so does a call by a pod that serves: what it was made for may take long to end.
 */
final class PathAssembly {
  private long adoptedNanos;
  private final Deque<WaitingHop> unattached = new ArrayDeque<>();
  private final Deque<WaitingHop> unemitted = new ArrayDeque<>();
  private final Deque<WaitingHop> past = new ArrayDeque<>();

  /** Roots that are due, but of whose request halves still wait for their partner. */
  private final Deque<WaitingHop> postponed = new ArrayDeque<>();

  /** Entries of each request that have come and whose hop has not; forgotten are the oldest. */
  private final Map<String, Integer> expected =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
          return size() > 2 * Limits.HOPS_WAITING;
        }
      };

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

  /** An entry has come: its hop will, and may belong to a root that is due. */
  void span(SidecarSpan span) {
    String id = span.request().requestId();
    boolean isHop = span.kind() == Kind.END && span.protocol() != Protocol.TCP;
    if (isHop && !id.isEmpty()) {
      expected.merge(id, 1, Integer::sum);
    }
  }

  private void arrived(Hop hop) {
    arrived(hop.client());
    arrived(hop.server());
    hop.attempts().forEach(this::arrived);
  }

  private void arrived(@Nullable HalfHop half) {
    if (half != null) {
      String id = half.span().request().requestId();
      expected.computeIfPresent(id, (k, n) -> n > 1 ? n - 1 : null);
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
      arrived(w.node.hop());
      boolean isOrphan = !w.attached && parents.mayHaveParent(w.node.hop());
      (isOrphan ? orphans : unemitted).add(w);
    }
    adopt(nowNanos);
    while (isDue(unemitted, nowNanos, 2 * Limits.PATH_WAIT_NANOS)) {
      WaitingHop w = unemitted.removeFirst();
      if (!w.attached && expected.containsKey(w.node.hop().requestId())) {
        postponed.addLast(w);
      } else {
        emit(w);
      }
    }
    for (int n = postponed.size(); n > 0; n--) {
      WaitingHop w = postponed.removeFirst();
      boolean late = nowNanos - w.arrivedNanos >= Limits.ROOT_WAIT_NANOS;
      if (late || !expected.containsKey(w.node.hop().requestId())) {
        attach(w); // what came meanwhile may be its parent
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
    arrived(w.node.hop());
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
