package io.hoptoll.correlator;

import io.hoptoll.correlator.JoinCounters.Count;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Hop;
import io.hoptoll.model.LogStream;
import io.hoptoll.model.SidecarSpan;
import io.hoptoll.model.SidecarSpan.Kind;
import io.hoptoll.model.SidecarSpan.Protocol;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Hops → one tree a request, by {@link Parents}.
 *
 * <p>All entries of a request are mostly written before its first hop's, and a sidecar holds an
 * entry for a second at most. So {@link Limits#PATH_WAIT_NANOS} after a root came its request is
 * complete, or as soon as {@link LogsWritten} says so: it takes the calls that bear its id, if no
 * entry with that id is still on its way through the joins, and is emitted. Where an app forwards
 * no id, nothing tells what is on its way: such a root waits twice as long. A call by a pod that
 * serves is no root before long: what it was made for may take long to end.
 */
final class PathAssembly implements HopJoin.Patience {
  /** Neither attached nor due. */
  private final AgeList<WaitingHop> unattached = new AgeList<>();

  /** Those that came to no parent. */
  private final NamedCalls calls = new NamedCalls();

  private final Orphans orphans = new Orphans();

  /** Roots with a pod whose calls bear no id. */
  private final Deque<WaitingHop> unnamed = new ArrayDeque<>();

  /** Roots that are due, but of whose request entries are on their way. */
  private final Deque<WaitingHop> postponed = new ArrayDeque<>();

  /** Roots to be looked at before their time: new ones, and those with entries in the joins. */
  private final Deque<WaitingHop> early = new ArrayDeque<>();

  /** Complete ones whose sockets' losses may still be on their way. */
  private final Deque<WaitingHop> young = new ArrayDeque<>();

  private final LogsWritten written = new LogsWritten();

  /** Served by hops that are emitted: a call that comes late is known to be no root. */
  private final Deque<Served> past = new ArrayDeque<>();

  /** The same where time would not tell such a call's parent. */
  private final ServedLately servedLately = new ServedLately();

  /** Entries of each request that have come and whose hop has not. */
  private final PendingIds expected = new PendingIds(2 * Limits.HOPS_WAITING);

  private final EdgeNames edges = new EdgeNames();
  private final KnownPods pods = new KnownPods();
  private final Parents parents;
  private final JoinCounters counters;
  private final Consumer<PathNode> out;
  private int waiting;
  private long nowNanos;

  PathAssembly(JoinCounters counters, Consumer<PathNode> out) {
    this.parents = new Parents(counters);
    this.counters = counters;
    this.out = out;
  }

  /** An entry has come: its hop will, and may belong to a root that is due. */
  void span(SidecarSpan span) {
    written.span(span);
    expect(span);
  }

  private void expect(SidecarSpan span) {
    boolean isHop = span.kind() == Kind.END && span.protocol() != Protocol.TCP;
    if (isHop && span.requestHash() != 0) {
      expected.add(PendingIds.key(span.requestHash(), 0));
    }
  }

  /** No more entries come on it. */
  void ended(LogStream stream) {
    written.ended(stream);
  }

  /** Its hop may come much later: no root waits for that. */
  @Override
  public void late(SidecarSpan span) {
    if (span.protocol() != Protocol.TCP && span.requestHash() != 0) {
      expected.take(PendingIds.key(span.requestHash(), 0));
    }
  }

  /** Its hop takes it once more ({@link #arrived}), which must not be another entry's. */
  @Override
  public void lateNoMore(SidecarSpan span) {
    expect(span);
  }

  /**
   * @param arrivedNanos when the later of its halves came: where they waited for each other, so did
   *     it for the rest of its request
   */
  void hop(Hop hop, long arrivedNanos) {
    WaitingHop w = new WaitingHop(new PathNode(hop, edges.of(hop)), arrivedNanos, pods);
    arrived(w);
    unattached.add(w);
    waiting++;
    for (Served s = w.served; s != null; s = s.next) {
      parents.add(s);
    }
    parents.called(w);
    if (parents.isFirst(w)) {
      early.addLast(w);
    } else {
      name(w);
      isLate(w);
    }
    if (waiting > Limits.HOPS_WAITING) {
      counters.add(Count.DROPPED_HOPS);
      emit(oldest());
    }
  }

  /** From now on a parent is looked for. */
  private void name(WaitingHop call) {
    if (!call.isNamed) {
      call.nameParent();
      calls.add(call);
    }
  }

  private void arrived(WaitingHop w) {
    for (int n = w.entries(); n > 0; n--) {
      expected.take(w.id);
    }
  }

  void tick(long now) {
    nowNanos = now;
    expected.tick(now);
    while (!young.isEmpty() && age(young.peekFirst()) >= Limits.EVENTS_WAIT_NANOS) {
      beforeItsTime(young.removeFirst());
    }
    for (int n = early.size(); n > 0; n--) {
      beforeItsTime(early.removeFirst());
    }
    written.tick(now, this::beforeItsTime);
    for (WaitingHop w = unattached.oldest();
        w != null && age(w) >= Limits.PATH_WAIT_NANOS;
        w = unattached.oldest()) {
      unattached.remove(w);
      due(w);
    }
    for (WaitingHop w = orphans.oldest();
        w != null && (age(w) >= Limits.ORPHAN_WAIT_NANOS || orphans.size() > Limits.ORPHANS);
        w = orphans.oldest()) {
      orphans.remove(w);
      calls.remove(w);
      if (complete(w)) {
        parents.ofNobody(w);
      }
    }
    while (!unnamed.isEmpty() && age(unnamed.peekFirst()) >= 2 * Limits.PATH_WAIT_NANOS) {
      completeOrPostpone(unnamed.removeFirst());
    }
    for (int n = postponed.size(); n > 0; n--) {
      completeOrPostpone(postponed.removeFirst());
    }
    while (!past.isEmpty()
        && (nowNanos - past.peekFirst().arrivedNanos >= 4 * Limits.PATH_WAIT_NANOS
            || past.size() > Limits.HOPS_PAST)) {
      parents.forget(past.removeFirst());
    }
  }

  int waiting() {
    return waiting;
  }

  private long age(WaitingHop w) {
    return nowNanos - w.arrivedNanos;
  }

  /**
   * A root whose request is surely complete needs to wait no longer; others wait for their time.
   */
  private void beforeItsTime(WaitingHop root) {
    if (root.isSettled) {
      return;
    }
    if (!parents.isFirst(root)) {
      name(root); // its pod has begun to serve
      return;
    }
    if (root.id != 0 && expected.has(root.id)) {
      early.addLast(root);
      return;
    }
    if (!isTold(root)) {
      return;
    }
    gather(root.node);
    if (root.node.childCount() > 0 && !isTold(root)) {
      return;
    }
    if (RequestTree.hasSockets(root.node) && age(root) < Limits.EVENTS_WAIT_NANOS) {
      young.addLast(root);
      return;
    }
    unattached.remove(root);
    calls.remove(root);
    complete(root);
  }

  /** Whether nothing of its tree can still come, as far as that is known. */
  private boolean isTold(WaitingHop root) {
    return RequestTree.namesItsCalls(root.node)
        && !RequestTree.mayCallOn(root.node, nowNanos)
        && !written.holdsBack(root);
  }

  /** It has a parent, or will have one, or is a root. */
  private void due(WaitingHop w) {
    w.isSettled = true;
    if (!parents.isFirst(w)) {
      name(w);
    }
    boolean isAttached = attach(w, parents.of(w));
    for (Served s = w.served; s != null && orphans.size() > 0; s = s.next) {
      for (WaitingHop call : orphans.during(s)) {
        adopt(call, parents.of(call));
      }
    }
    if (isAttached || isLate(w)) {
      return;
    }
    if (parents.mayHaveParent(w)) {
      orphans.add(w);
      return;
    }
    calls.remove(w);
    gather(w.node);
    if (RequestTree.namesItsCalls(w.node)) {
      completeOrPostpone(w);
    } else {
      unnamed.addLast(w);
    }
  }

  private void completeOrPostpone(WaitingHop root) {
    boolean isExpected = root.id != 0 && expected.has(root.id);
    if (isExpected && age(root) < Limits.ROOT_WAIT_NANOS) {
      postponed.addLast(root);
    } else {
      complete(root);
    }
  }

  /** What came meanwhile may be its parent; whether it was emitted. */
  private boolean complete(WaitingHop root) {
    if (attach(root, parents.of(root)) || isLate(root)) {
      return false;
    }
    gather(root.node);
    emit(root);
    return true;
  }

  /** The calls that bear the name of this node, or of one below it. */
  private void gather(PathNode node) {
    for (Served s = node.served; s != null; s = s.next) {
      for (WaitingHop call : calls.of(s)) {
        adopt(call, parents.named(call));
      }
    }
    for (int i = 0; i < node.childCount(); i++) {
      gather(node.child(i));
    }
  }

  /** A call that still waits, for its turn or for its parent. */
  private void adopt(WaitingHop call, Parents.@Nullable Found found) {
    boolean isOrphan = call.isOrphan;
    if (call.isSettled && !isOrphan) {
      return;
    }
    if (attach(call, found)) {
      if (isOrphan) {
        orphans.remove(call);
      } else {
        unattached.remove(call);
      }
    }
  }

  private boolean attach(WaitingHop child, Parents.@Nullable Found found) {
    WaitingHop parent = found == null ? null : found.parent().hop;
    if (found == null || parent != null && parent.isWithin(child)) {
      return false;
    }
    counters.add(Count.PARENTS_INFERRED, found.link() == PathNode.Link.INFERRED ? 1 : 0);
    calls.remove(child);
    child.isSettled = true;
    if (parent == null) {
      late(child);
    } else {
      child.parent = parent;
      parent.node.add(child.node, found.link(), found.parent().attempt);
    }
    return true;
  }

  /** Whether its request is emitted: then it goes, too. */
  private boolean isLate(WaitingHop call) {
    if (!servedLately.isLate(call) || parents.of(call) != null) {
      return false;
    }
    call.isSettled = true;
    unattached.remove(call);
    calls.remove(call);
    late(call);
    return true;
  }

  /** Its request is emitted. */
  private void late(WaitingHop call) {
    counters.add(Count.HOP_LATE);
    parents.outlasted(call, nowNanos);
    release(call.node);
  }

  private WaitingHop oldest() {
    WaitingHop w = postponed.pollFirst();
    w = w == null ? unnamed.pollFirst() : w;
    if (w != null) {
      return w;
    }
    w = unattached.oldest();
    if (w != null) {
      unattached.remove(w);
    } else {
      w = Objects.requireNonNull(orphans.oldest());
      orphans.remove(w);
    }
    calls.remove(w);
    return w;
  }

  private void emit(WaitingHop root) {
    root.isSettled = true;
    release(root.node);
    if (callerIsMissing(root.node.hop())) {
      counters.add(Count.REQUEST_INCOMPLETE);
    } else {
      counters.add(Count.REQUESTS);
      out.accept(root.node);
    }
  }

  /** Nothing comes to this tree any more. */
  private void release(PathNode node) {
    waiting--;
    for (Served s = node.served; s != null; s = s.next) {
      s.hop = null;
      if (s.isAppSeen() || !s.trace.isNone()) {
        past.addLast(s);
      } else {
        parents.forget(s);
        servedLately.add(node.hop(), s);
      }
    }
    node.served = null;
    for (int i = 0; i < node.childCount(); i++) {
      release(node.child(i));
    }
  }

  /** A sidecar called (it showed its SPIFFE identity), but its entry never came: half a request. */
  private static boolean callerIsMissing(Hop hop) {
    HalfHop server = hop.server();
    return hop.client() == null
        && server != null
        && server.span().peerSan().startsWith("spiffe://");
  }
}
