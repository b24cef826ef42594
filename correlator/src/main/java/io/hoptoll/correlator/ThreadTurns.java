package io.hoptoll.correlator;

import io.hoptoll.model.Endpoint;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.Exchange.Role;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Latest;
import io.hoptoll.model.Nanos;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What the apps' threads served and called lately, by their sockets: which calls a thread made
 * while it served a request, whether or not an access log tells them (a database, a cache in the
 * pod, a peer that no sidecar stands before).
 *
 * <p>Only the thread ties a call to a request, and only where it served no other meanwhile: an
 * event loop with several at once, or a call by another thread than the one that read the request,
 * stays the app's own time.
 */
final class ThreadTurns {
  private record ThreadKey(String node, int tid) {}

  /** An exchange of one thread; one that still goes on ends at {@link Long#MAX_VALUE}. */
  private record Turn(long socketId, int turn, long fromNanos, long untilNanos, Endpoint peer) {
    boolean overlaps(long from, long to) {
      return fromNanos < to && untilNanos > from;
    }

    boolean is(Exchange e) {
      return socketId == e.socketId() && turn == e.turn();
    }
  }

  private static final class Own {
    final Deque<Turn> served = new ArrayDeque<>();
    final Deque<Turn> called = new ArrayDeque<>();
  }

  /** Threads heard of longest ago are forgotten first. */
  private final Map<ThreadKey, Own> threads = Latest.used(Limits.THREADS);

  /** Sidecars serve and call, too, but that is told. */
  private final Set<ProcessKey> proxies = new LatestKeys<>(Limits.PROCESSES);

  /** Clusters behind the addresses that apps call through their sidecars. */
  private final Map<Endpoint, String> services = new Latest<>(Limits.NAMESPACES);

  private final OpenCalls open = new OpenCalls();

  void half(HalfHop half) {
    proxy(half.downstream());
    proxy(half.upstream());
    if (half.downstream() != null
        && half.span().request().upstreamCluster().startsWith("outbound|")) {
      services.put(half.span().downstreamLocal(), half.span().request().upstreamCluster());
    }
  }

  /** An address in words: of one that sidecars know, that its calls were tied to no request. */
  String nameOf(Endpoint peer) {
    String cluster = services.get(peer);
    if (cluster == null) {
      return peer.toString();
    }
    String host = cluster.substring(cluster.lastIndexOf('|') + 1);
    return host + " at " + peer + " (through the sidecar, but its calls name no request)";
  }

  private void proxy(@Nullable Exchange e) {
    if (e != null && e.owner().tgid() > 0) {
      proxies.add(new ProcessKey(e.node(), e.owner().tgid()));
    }
  }

  void exchange(Exchange e) {
    if (e.owner().tid() <= 0
        || e.has(Exchange.MULTIPLEXED)
        || proxies.contains(new ProcessKey(e.node(), e.owner().tgid()))) {
      return;
    }
    open.exchange(e);
    Exchange.Marks m = e.marks();
    if (e.role() == Role.ACCEPT && Nanos.isSet(m.readFirstNanos())) {
      long until = Nanos.isSet(m.sendFirstNanos()) ? m.sendFirstNanos() : Long.MAX_VALUE;
      add(of(e).served, e, m.readFirstNanos(), until, Limits.SERVED_PER_THREAD);
    } else if (e.role() == Role.CONNECT
        && Nanos.isSet(m.sendFirstNanos())
        && Nanos.isSet(m.readLastNanos())) {
      add(of(e).called, e, m.sendFirstNanos(), m.readLastNanos(), Limits.CALLS_PER_THREAD);
    }
  }

  private Own of(Exchange e) {
    return threads.computeIfAbsent(new ThreadKey(e.node(), e.owner().tid()), k -> new Own());
  }

  /** The latest report of a turn counts. */
  private static void add(Deque<Turn> turns, Exchange e, long from, long until, int bound) {
    int looked = 0;
    for (Iterator<Turn> it = turns.descendingIterator();
        it.hasNext() && looked < Limits.REPORTS_LOOKED_AT;
        looked++) {
      if (it.next().is(e)) {
        it.remove();
        break;
      }
    }
    turns.addLast(new Turn(e.socketId(), e.turn(), from, until, e.tuple().remote()));
    if (turns.size() > bound) {
      turns.removeFirst();
    }
  }

  /**
   * How long the thread that served a request waited for its own calls in a part of that time, ns;
   * calls that are hops of the request are left out, and what two calls share counts once.
   *
   * @param serving the app's exchange with its sidecar
   * @param out who was waited for, and how long
   */
  long waitedNanos(
      Exchange serving, List<PathNode> hops, long from, long to, ObjLongConsumer<Endpoint> out) {
    Own own = threads.get(new ThreadKey(serving.node(), serving.owner().tid()));
    if (own == null || own.called.isEmpty() || !isAlone(own, serving, from, to)) {
      return 0;
    }
    List<Turn> calls = new ArrayList<>(4);
    for (Turn call : own.called) {
      if (call.overlaps(from, to) && isNoHop(call, hops)) {
        calls.add(call);
      }
    }
    calls.sort(Comparator.comparingLong(Turn::fromNanos));
    long at = from;
    long waited = 0;
    for (Turn call : calls) {
      long begin = Math.max(at, call.fromNanos());
      long end = Math.min(to, call.untilNanos());
      if (end > begin) {
        out.accept(call.peer(), end - begin);
        waited += end - begin;
        at = end;
      }
    }
    return waited;
  }

  /**
   * The same of a request that was given up while the app's call had no answer: no log tells of
   * that one yet, and the app need not have made it on the thread that read. It may have begun
   * before the part that is asked for, beside hops that had their answer. What {@link #waitedNanos}
   * tells of the part is left out: that is surely the request's.
   *
   * @param to when it was given up
   */
  long openNanos(
      Exchange serving, List<PathNode> hops, long from, long to, ObjLongConsumer<String> out) {
    long read = serving.marks().readFirstNanos();
    OpenCalls.Wait call = Nanos.isSet(read) ? open.claim(serving, hops, read, to) : null;
    if (call == null) {
      return 0;
    }
    long begin = Math.max(from, call.fromNanos());
    long nanos = to - begin - waitedNanos(serving, hops, begin, to, (peer, known) -> {});
    if (nanos == 0) {
      return 0;
    }
    String cluster = services.get(call.peer());
    String name = cluster == null ? "" : cluster.substring(cluster.lastIndexOf('|') + 1) + " at ";
    out.accept(name + call.peer() + " (unanswered when the request was given up)", nanos);
    return nanos;
  }

  private static boolean isAlone(Own own, Exchange serving, long from, long to) {
    for (Turn other : own.served) {
      if (!other.is(serving) && other.overlaps(from, to)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isNoHop(Turn call, List<PathNode> hops) {
    for (PathNode hop : hops) {
      if (call.overlaps(hop.startNanos(), hop.endNanos())) {
        return false;
      }
    }
    return true;
  }
}
