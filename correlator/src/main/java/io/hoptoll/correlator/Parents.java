package io.hoptoll.correlator;

import io.hoptoll.correlator.JoinCounters.Count;
import io.hoptoll.model.Endpoint;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Hop;
import io.hoptoll.model.Nanos;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Hops that a pod served, and which of them made a call: the one with the same request id, else
 * with the same trace id, whose app was serving when the call began; innermost first. An app that
 * forwards no header leaves time: the one request whose serving contains the call, by the thread
 * that handled both if there is one. Caller and callee lie on the pod's one clock.
 */
final class Parents {
  /** What ties a call to the request that caused it. */
  record Found(WaitingHop parent, PathNode.Link link) {}

  /** What a child can know of its parent: the request or the trace, and the pod that served it. */
  private record Name(String id, String pod) {}

  private static final int TRACE_ID_AT = 3;
  private static final int TRACE_ID_END = 35;

  private final JoinCounters counters;
  private final Map<Name, List<WaitingHop>> byName = new HashMap<>();

  /** By pod, in the order in which the app began to serve. */
  private final Map<String, TreeMap<Long, WaitingHop>> byPod = new HashMap<>();

  private final Set<String> serving = new LatestNames();

  /** Pods whose apps forward headers: a call of theirs without is nobody's. */
  private final Set<String> forwarding = new LatestNames();

  Parents(JoinCounters counters) {
    this.counters = counters;
  }

  void add(WaitingHop w) {
    HalfHop server = w.node.hop().server();
    if (server == null) {
      return;
    }
    for (Name name : names(w.node.hop(), servedBy(server))) {
      byName.computeIfAbsent(name, k -> new ArrayList<>(2)).add(w);
    }
    serving.add(servedBy(server));
    TreeMap<Long, WaitingHop> served =
        byPod.computeIfAbsent(servedBy(server), k -> new TreeMap<>());
    long at = servedFrom(server);
    while (served.putIfAbsent(at, w) != null) {
      at++;
    }
  }

  void forget(WaitingHop w) {
    HalfHop server = w.node.hop().server();
    if (server == null) {
      return;
    }
    String pod = servedBy(server);
    for (Name name : names(w.node.hop(), pod)) {
      List<WaitingHop> same = byName.getOrDefault(name, new ArrayList<>());
      same.remove(w);
      if (same.isEmpty()) {
        byName.remove(name);
      }
    }
    TreeMap<Long, WaitingHop> served = byPod.getOrDefault(pod, new TreeMap<>());
    long at = servedFrom(server);
    while (served.containsKey(at) && !served.remove(at, w)) {
      at++;
    }
    if (served.isEmpty()) {
      byPod.remove(pod);
    }
  }

  /** Whether the calling pod serves, so that the call may be for a request that goes on. */
  boolean mayHaveParent(Hop child) {
    HalfHop caller = child.client();
    return caller != null && serving.contains(callingPod(caller));
  }

  @Nullable Found of(WaitingHop child) {
    HalfHop caller = child.node.hop().client();
    if (caller == null) {
      return null;
    }
    String pod = callingPod(caller);
    PathNode.Link link = PathNode.Link.REQUEST_ID;
    for (Name name : names(child.node.hop(), pod)) {
      WaitingHop named = innermost(child, byName.getOrDefault(name, List.of()));
      if (named != null) {
        forwarding.add(pod);
        return new Found(named, link);
      }
      link = PathNode.Link.TRACE_ID;
    }
    WaitingHop only = forwarding.contains(pod) ? null : containing(child, caller);
    return only == null ? null : new Found(only, PathNode.Link.INFERRED);
  }

  private static @Nullable WaitingHop innermost(WaitingHop child, List<WaitingHop> candidates) {
    WaitingHop best = null;
    for (WaitingHop candidate : candidates) {
      boolean later = best == null || servedFrom(server(candidate)) > servedFrom(server(best));
      if (candidate != child && later && serves(candidate, child.node.startNanos())) {
        best = candidate;
      }
    }
    return best;
  }

  /** The only one in whose serving the whole call lies; of the caller's own thread, if any is. */
  private @Nullable WaitingHop containing(WaitingHop child, HalfHop caller) {
    Exchange app = caller.callingApp();
    TreeMap<Long, WaitingHop> served = byPod.get(callingPod(caller));
    if (app == null || served == null) {
      return null;
    }
    List<WaitingHop> all = new ArrayList<>(2);
    List<WaitingHop> ofThread = new ArrayList<>(2);
    int looked = 0;
    for (WaitingHop w : served.headMap(child.node.startNanos(), true).descendingMap().values()) {
      if (++looked > Limits.PARENTS_LOOKED_AT) {
        break;
      }
      Exchange serving = server(w).servingApp();
      if (w == child || serving == null || serving.owner().tgid() != app.owner().tgid()) {
        continue;
      }
      if (contains(w, child.node)) {
        all.add(w);
        if (serving.owner().tid() == app.owner().tid()) {
          ofThread.add(w);
        }
      }
    }
    List<WaitingHop> best = ofThread.isEmpty() ? all : ofThread;
    counters.add(Count.PARENTS_AMBIGUOUS, best.size() > 1 ? 1 : 0);
    return best.size() == 1 ? best.get(0) : null;
  }

  private static boolean contains(WaitingHop parent, PathNode child) {
    Exchange serving = Objects.requireNonNull(server(parent).servingApp());
    long answered = serving.marks().sendLastNanos();
    long until = Nanos.isSet(answered) ? answered : server(parent).endNanos();
    return child.startNanos() >= servedFrom(server(parent)) && child.endNanos() <= until;
  }

  private static boolean serves(WaitingHop candidate, long beganNanos) {
    HalfHop server = server(candidate);
    return servedFrom(server) <= beganNanos && beganNanos <= server.endNanos();
  }

  private static HalfHop server(WaitingHop w) {
    return Objects.requireNonNull(w.node.hop().server());
  }

  /** On the serving pod's clock, which all candidates of a child share; their callers' differ. */
  private static long servedFrom(HalfHop server) {
    Exchange app = server.servingApp();
    long read = app == null ? Nanos.UNSET : app.marks().readFirstNanos();
    return Nanos.isSet(read) ? read : server.startNanos();
  }

  /** The request first, then the trace. */
  private static List<Name> names(Hop hop, String pod) {
    List<Name> names = new ArrayList<>(2);
    if (!hop.requestId().isEmpty()) {
      names.add(new Name(hop.requestId(), pod));
    }
    String traceparent = hop.outer().span().request().traceparent();
    if (traceparent.length() >= TRACE_ID_END) {
      names.add(new Name(traceparent.substring(TRACE_ID_AT, TRACE_ID_END), pod));
    }
    return names;
  }

  static String servedBy(HalfHop server) {
    return pod(server, server.span().addresses().upstreamRemote());
  }

  static String callingPod(HalfHop client) {
    return pod(client, client.span().addresses().downstreamDirectRemote());
  }

  /** The namespace on its node; where no agent sees it, the pod's address. */
  private static String pod(HalfHop half, Endpoint own) {
    return half.node().isEmpty() ? own.ip() : half.node() + "/" + half.netns();
  }
}
