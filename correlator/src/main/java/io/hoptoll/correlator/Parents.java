package io.hoptoll.correlator;

import io.hoptoll.correlator.JoinCounters.Count;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Requests that a pod served, and which of them made a call: the one with the same request id, else
 * with the same trace id, whose app was serving when the call began; innermost first. An app that
 * forwards no header leaves time: the one request whose serving contains the call, by the thread
 * that handled both if there is one. Caller and callee lie on the pod's one clock.
 */
final class Parents {
  /** What ties a call to the request that caused it. */
  record Found(Served parent, PathNode.Link link) {}

  private final JoinCounters counters;
  private final NameTable<Served> byName = new NameTable<>();

  Parents(JoinCounters counters) {
    this.counters = counters;
  }

  void add(Served served) {
    served.pod.isServing = true;
    byName.add(served.request);
    byName.add(served.trace);
    if (served.isAppSeen()) {
      TreeMap<Long, Served> own = served.pod.served;
      long at = served.fromNanos;
      while (own.putIfAbsent(at, served) != null) {
        at++;
      }
      served.at = at;
    }
  }

  void forget(Served served) {
    byName.remove(served.request);
    byName.remove(served.trace);
    if (served.isAppSeen()) {
      served.pod.served.remove(served.at, served);
    }
  }

  void called(WaitingHop call) {
    PodHabits caller = call.caller;
    if (caller != null && !caller.isCalling()) {
      caller.callingSinceNanos = call.arrivedNanos;
    }
    call.isOfNobody = caller != null && !call.isTimed() && caller.callsForNobody();
  }

  /** A call by a pod that serves came to no parent in time, or before there were too many. */
  void ofNobody(WaitingHop call) {
    if (call.caller != null && !call.request.isNone() && !call.caller.isForwarding) {
      call.caller.ofNobody++;
    }
  }

  /** Whether it is surely the first hop of its request. A gateway's callers are many and short. */
  boolean isFirst(WaitingHop hop) {
    PodHabits caller = hop.caller;
    if (caller == null || hop.isOfNobody) {
      return true;
    }
    HalfHop client = hop.node.hop().client();
    boolean isGateway = client != null && client.span().proxy().kind() == Proxy.Kind.ROUTER;
    return isGateway ? !caller.isServing : caller.isClient(hop.arrivedNanos);
  }

  /** A call of its came after its request was emitted as complete. */
  void outlasted(WaitingHop late, long nowNanos) {
    if (late.caller != null) {
      late.caller.outlastedNanos = nowNanos;
    }
  }

  /** Whether the calling pod serves, so that the call may be for a request that goes on. */
  boolean mayHaveParent(WaitingHop child) {
    return !child.isOfNobody && child.caller != null && child.caller.isServing;
  }

  /** By name, else by time. */
  @Nullable Found of(WaitingHop child) {
    Found named = named(child);
    HalfHop client = child.node.hop().client();
    if (named != null || client == null || child.caller == null) {
      return named;
    }
    Exchange app = client.callingApp();
    if (app == null || child.caller.isForwarding) {
      return null;
    }
    Served only = containing(child, app.owner(), child.caller.served);
    return only == null ? null : new Found(only, PathNode.Link.INFERRED);
  }

  @Nullable Found named(WaitingHop child) {
    if (child.caller == null) {
      return null;
    }
    Served named = innermost(child, child.request);
    if (named != null) {
      child.caller.isNaming = true;
      child.caller.isForwarding = true;
      return new Found(named, PathNode.Link.REQUEST_ID);
    }
    named = innermost(child, child.trace);
    if (named != null) {
      child.caller.isForwarding = true;
      return new Found(named, PathNode.Link.TRACE_ID);
    }
    return null;
  }

  /** Of two that began at once the one that came first: it is met last. */
  private @Nullable Served innermost(WaitingHop child, CallName<WaitingHop> name) {
    Served best = null;
    for (CallName<Served> at = byName.first(name); at != null; at = byName.next(at)) {
      Served candidate = at.owner;
      boolean later = best == null || candidate.fromNanos >= best.fromNanos;
      if (candidate.hop != child && later && candidate.servesAt(child.node.startNanos())) {
        best = candidate;
      }
    }
    return best;
  }

  /** The only one in whose serving the whole call lies; of the caller's own thread, if any is. */
  private @Nullable Served containing(
      WaitingHop child, Exchange.Owner caller, TreeMap<Long, Served> own) {
    List<Served> all = new ArrayList<>(2);
    List<Served> ofThread = new ArrayList<>(2);
    int looked = 0;
    for (Served s : own.headMap(child.node.startNanos(), true).descendingMap().values()) {
      if (++looked > Limits.PARENTS_LOOKED_AT) {
        break;
      }
      Exchange.Owner app = s.app;
      boolean isOfProcess = app != null && app.tgid() == caller.tgid();
      if (s.hop == child || !isOfProcess || !s.contains(child.node)) {
        continue;
      }
      all.add(s);
      if (app != null && app.tid() == caller.tid()) {
        ofThread.add(s);
      }
    }
    List<Served> best = ofThread.isEmpty() ? all : ofThread;
    counters.add(Count.PARENTS_AMBIGUOUS, best.size() > 1 ? 1 : 0);
    return best.size() == 1 ? best.get(0) : null;
  }
}
