package io.hoptoll.correlator;

import io.hoptoll.correlator.JoinCounters.Count;
import io.hoptoll.model.Endpoint;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Hop;
import io.hoptoll.model.Nanos;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Hops → one tree a request. A hop's parent is the inbound hop of its own client pod with the same
 * request id whose app was serving when the hop began; both lie on that pod's one clock.
 *
 * <p>A hop passes two waits: after the first it is given to its parent, after the second it is
 * emitted, if it has none. So all that arrives within one wait of a root goes with it; a root whose
 * request has halves that still wait for a partner (a call out of the mesh has none) waits on.
 */
final class PathAssembly {
  private static final class Waiting {
    final PathNode node;
    final long arrivedNanos;
    boolean attached;
    boolean emitted;

    Waiting(PathNode node, long arrivedNanos) {
      this.node = node;
      this.arrivedNanos = arrivedNanos;
    }
  }

  /** What a child can know of its parent: the request and the pod that served it. */
  private record ParentKey(String requestId, String pod) {}

  private final Map<ParentKey, List<Waiting>> parents = new HashMap<>();
  private final Deque<Waiting> unattached = new ArrayDeque<>();
  private final Deque<Waiting> unemitted = new ArrayDeque<>();
  private final Deque<Waiting> past = new ArrayDeque<>();

  /** Roots that are due, but of whose request halves still wait for their partner. */
  private final Deque<Waiting> postponed = new ArrayDeque<>();

  /** Halves that HopJoin holds back, and how many of each request. */
  private final Set<HalfHop> awaited = Collections.newSetFromMap(new IdentityHashMap<>());

  private final Map<String, Integer> awaitedOf = new HashMap<>();
  private final JoinCounters counters;
  private final Consumer<PathNode> out;

  PathAssembly(JoinCounters counters, Consumer<PathNode> out) {
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
    Waiting w = new Waiting(new PathNode(hop), nowNanos);
    unattached.addLast(w);
    HalfHop server = hop.server();
    if (server != null && !hop.requestId().isEmpty()) {
      parents.computeIfAbsent(key(hop, servedBy(server)), k -> new ArrayList<>(2)).add(w);
    }
    if (waiting() > Limits.HOPS_WAITING) {
      counters.add(Count.DROPPED_HOPS);
      emit(oldest());
    }
  }

  void tick(long nowNanos) {
    while (isDue(unattached, nowNanos, Limits.PATH_WAIT_NANOS)) {
      Waiting w = unattached.removeFirst();
      attach(w);
      arrived(w.node.hop().client());
      arrived(w.node.hop().server());
      unemitted.addLast(w);
    }
    while (isDue(unemitted, nowNanos, 2 * Limits.PATH_WAIT_NANOS)) {
      Waiting w = unemitted.removeFirst();
      if (!w.attached && awaitedOf.containsKey(w.node.hop().requestId())) {
        postponed.addLast(w);
      } else {
        emit(w);
      }
    }
    for (int n = postponed.size(); n > 0; n--) {
      Waiting w = postponed.removeFirst();
      boolean late = nowNanos - w.arrivedNanos >= Limits.ROOT_WAIT_NANOS;
      if (late || !awaitedOf.containsKey(w.node.hop().requestId())) {
        emit(w);
      } else {
        postponed.addLast(w);
      }
    }
    while (isDue(past, nowNanos, 4 * Limits.PATH_WAIT_NANOS)) {
      forget(past.removeFirst());
    }
  }

  int waiting() {
    return unattached.size() + unemitted.size() + postponed.size();
  }

  private Waiting oldest() {
    if (!postponed.isEmpty()) {
      return postponed.removeFirst();
    }
    if (!unemitted.isEmpty()) {
      return unemitted.removeFirst();
    }
    Waiting w = unattached.removeFirst();
    arrived(w.node.hop().client());
    arrived(w.node.hop().server());
    return w;
  }

  private static boolean isDue(Deque<Waiting> queue, long nowNanos, long waitNanos) {
    Waiting first = queue.peekFirst();
    return first != null && nowNanos - first.arrivedNanos >= waitNanos;
  }

  private void attach(Waiting child) {
    Waiting parent = parent(child);
    if (parent == null) {
      return;
    }
    child.attached = true;
    if (parent.emitted) {
      counters.add(Count.HOP_LATE);
    } else {
      parent.node.add(child.node);
    }
  }

  private void emit(Waiting w) {
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

  /** The innermost hop that was being served in the child's pod when the child began. */
  private @Nullable Waiting parent(Waiting child) {
    HalfHop caller = child.node.hop().client();
    if (caller == null) {
      return null;
    }
    Waiting best = null;
    for (Waiting candidate :
        parents.getOrDefault(key(child.node.hop(), callingPod(caller)), List.of())) {
      boolean later = best == null || servedFrom(candidate) > servedFrom(best);
      if (candidate != child && later && serves(candidate, child.node.startNanos())) {
        best = candidate;
      }
    }
    return best;
  }

  private static boolean serves(Waiting candidate, long beganNanos) {
    HalfHop server = candidate.node.hop().server();
    return server != null && servedFrom(candidate) <= beganNanos && beganNanos <= server.endNanos();
  }

  /** On the serving pod's clock, which all candidates of a child share; their callers' differ. */
  private static long servedFrom(Waiting candidate) {
    HalfHop server = java.util.Objects.requireNonNull(candidate.node.hop().server());
    Exchange app = server.servingApp();
    long read = app == null ? Nanos.UNSET : app.marks().readFirstNanos();
    return Nanos.isSet(read) ? read : server.startNanos();
  }

  private static ParentKey key(Hop hop, String pod) {
    return new ParentKey(hop.requestId(), pod);
  }

  private static String servedBy(HalfHop server) {
    return pod(server, server.span().addresses().upstreamRemote());
  }

  private static String callingPod(HalfHop client) {
    return pod(client, client.span().addresses().downstreamDirectRemote());
  }

  /** The namespace on its node; where no agent sees it, the pod's address. */
  private static String pod(HalfHop half, Endpoint own) {
    return half.node().isEmpty() ? own.ip() : half.node() + "/" + half.netns();
  }

  private void forget(Waiting w) {
    HalfHop server = w.node.hop().server();
    if (server == null) {
      return;
    }
    ParentKey key = key(w.node.hop(), servedBy(server));
    List<Waiting> same = parents.get(key);
    if (same != null) {
      same.remove(w);
      if (same.isEmpty()) {
        parents.remove(key);
      }
    }
  }
}
