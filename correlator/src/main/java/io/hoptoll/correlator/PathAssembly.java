package io.hoptoll.correlator;

import io.hoptoll.correlator.JoinCounters.Count;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Hop;
import io.hoptoll.model.SidecarSpan;
import io.hoptoll.model.SidecarSpan.Kind;
import io.hoptoll.model.SidecarSpan.Protocol;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/**
 * Hops → one tree a request, by {@link Parents}.
 *
 * <p>A hop passes two waits: after the first it is given to its parent, after the second it is
 * emitted, if it has none. So all that arrives within one wait of a root goes with it; a root whose
 * request has entries that are not joined yet (a call out of the mesh finds no partner) waits on,
 * and so does a call by a pod that serves: what it was made for may take long to end.
 */
final class PathAssembly {
  private final Deque<WaitingHop> unattached = new ArrayDeque<>();
  private final Deque<WaitingHop> unemitted = new ArrayDeque<>();

  /** Served by hops that are emitted: a call that comes late is known to be no root. */
  private final Deque<Served> past = new ArrayDeque<>();

  /** Those that are due, but of whose request halves still wait for their partner. */
  private final Deque<WaitingHop> postponed = new ArrayDeque<>();

  /** Entries of each request that have come and whose hop has not. */
  private final PendingIds expected = new PendingIds(2 * Limits.HOPS_WAITING);

  private final Orphans orphans = new Orphans();
  private final EdgeNames edges = new EdgeNames();
  private final PodKeys pods = new PodKeys();
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
      expected.add(PendingIds.key(id, 0));
    }
  }

  private void arrived(WaitingHop w) {
    for (int n = w.entries; n > 0; n--) {
      expected.take(w.id);
    }
  }

  /**
   * @param arrivedNanos when the later of its halves came: where they waited for each other, so did
   *     it for the rest of its request
   */
  void hop(Hop hop, long arrivedNanos) {
    WaitingHop w = new WaitingHop(new PathNode(hop, edges.of(hop)), arrivedNanos, pods);
    unattached.addLast(w);
    if (w.served != null) {
      parents.add(w.served);
    }
    if (waiting() > Limits.HOPS_WAITING) {
      counters.add(Count.DROPPED_HOPS);
      emit(oldest());
    }
  }

  void tick(long nowNanos) {
    while (isDue(unattached, nowNanos, Limits.PATH_WAIT_NANOS)) {
      WaitingHop w = unattached.removeFirst();
      attach(w);
      arrived(w);
      if (w.attached || !parents.mayHaveParent(w)) {
        unemitted.addLast(w);
      } else {
        orphans.add(w);
      }
      adopt(w);
    }
    releaseOrphans(nowNanos);
    while (isDue(unemitted, nowNanos, 2 * Limits.PATH_WAIT_NANOS)) {
      WaitingHop w = unemitted.removeFirst();
      if (isExpected(w)) {
        postponed.addLast(w);
      } else {
        emit(w);
      }
    }
    for (int n = postponed.size(); n > 0; n--) {
      WaitingHop w = postponed.removeFirst();
      boolean late = nowNanos - w.arrivedNanos >= Limits.ROOT_WAIT_NANOS;
      if (late || !isExpected(w)) {
        attach(w); // what came meanwhile may be its parent
        emit(w);
      } else {
        postponed.addLast(w);
      }
    }
    while (!past.isEmpty()
        && (nowNanos - past.peekFirst().arrivedNanos >= 4 * Limits.PATH_WAIT_NANOS
            || past.size() > Limits.HOPS_PAST)) {
      parents.forget(past.removeFirst());
    }
  }

  private boolean isExpected(WaitingHop w) {
    return w.entries > 0 && expected.has(w.id);
  }

  /** The calls that waited for this one to end. */
  private void adopt(WaitingHop parent) {
    if (parent.served == null || orphans.size() == 0) {
      return;
    }
    for (WaitingHop w : orphans.of(parent.served)) {
      attach(w);
      if (w.attached) {
        orphans.remove(w);
        emit(w);
      }
    }
  }

  /** A call that has waited long enough is a root. */
  private void releaseOrphans(long nowNanos) {
    for (WaitingHop w = orphans.oldest();
        w != null
            && (nowNanos - w.arrivedNanos >= Limits.ORPHAN_WAIT_NANOS
                || orphans.size() > Limits.ORPHANS);
        w = orphans.oldest()) {
      orphans.remove(w);
      attach(w);
      emit(w);
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
    arrived(w);
    return w;
  }

  private static boolean isDue(Deque<WaitingHop> queue, long nowNanos, long waitNanos) {
    WaitingHop first = queue.peekFirst();
    return first != null && nowNanos - first.arrivedNanos >= waitNanos;
  }

  private void attach(WaitingHop child) {
    if (child.attached) {
      return;
    }
    child.name();
    Parents.Found found = parents.of(child);
    if (found == null) {
      return;
    }
    child.attached = true;
    counters.add(Count.PARENTS_INFERRED, found.link() == PathNode.Link.INFERRED ? 1 : 0);
    WaitingHop parent = found.parent().hop;
    if (parent == null) {
      counters.add(Count.HOP_LATE);
    } else {
      parent.node.add(child.node, found.link());
    }
  }

  private void emit(WaitingHop w) {
    if (w.served != null) {
      w.served.hop = null;
      past.addLast(w.served);
    }
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
