package io.hoptoll.correlator;

import io.hoptoll.correlator.JoinCounters.Count;
import io.hoptoll.model.Burst;
import io.hoptoll.model.Connection;
import io.hoptoll.model.Endpoint;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.Exchange.Role;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.Proxy;
import io.hoptoll.model.SidecarSpan;
import io.hoptoll.model.SidecarSpan.Kind;
import io.hoptoll.model.SidecarSpan.Protocol;
import io.hoptoll.model.UpstreamPool;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Sidecar span + exchanges of the same pod → {@link HalfHop}. One node's records are enough.
 *
 * <p>Keys (DESIGN section 2): downstream socket by {@code downstream_direct_remote_address},
 * upstream socket by {@code upstream_local_address}; the app's own ends are the other ends of these
 * in the same namespace. On HTTP/1.1 a socket carries one exchange at a time, so the turn is the
 * latest that began before Envoy parsed the message: exact on one clock, whatever is in flight on
 * other connections. The request id takes no part.
 */
final class PodJoin {
  /** ALS start_time has µs digits: a span may seem to start this much before its read. */
  private static final long START_GRAIN_NANOS = Nanos.PER_MICRO;

  /** Takes each half hop; hears of entries for which the first look was too early. */
  @FunctionalInterface
  interface Out {
    void half(HalfHop half);

    default void waits(SidecarSpan span) {}
  }

  private final ClockMap clocks;
  private final PodDirectory pods;
  private final ExchangeIndex exchanges;
  private final JoinCounters counters;
  private final Out out;
  private final BurstIndex bursts;
  private final UpstreamPools pools = new UpstreamPools();
  private final Deque<WaitingSpan> waiting = new ArrayDeque<>();

  PodJoin(
      ClockMap clocks, PodDirectory pods, ExchangeIndex exchanges, JoinCounters counters, Out out) {
    this.clocks = clocks;
    this.pods = pods;
    this.exchanges = exchanges;
    this.counters = counters;
    this.bursts = new BurstIndex(counters);
    this.out = out;
  }

  void exchange(Exchange exchange, long nowNanos) {
    PodKey pod = new PodKey(exchange.node(), exchange.netns());
    if (exchange.role() == Role.CONNECT) {
      pods.socket(pod, exchange.tuple());
    }
    pools.exchange(pod, exchange);
    exchanges.add(exchange, nowNanos);
  }

  void connection(Connection connection) {
    PodKey pod = new PodKey(connection.node(), connection.netns());
    if (connection.role() == Role.CONNECT) {
      pods.socket(pod, connection.tuple());
    }
    pools.connection(pod, connection);
  }

  void burst(Burst burst) {
    bursts.add(burst);
  }

  void span(SidecarSpan span, long nowNanos) {
    bursts.learn(span);
    if (span.kind() != Kind.END) {
      counters.add(Count.SPAN_NOT_END);
    } else if (pods.knowsNothing()) {
      counters.add(Count.SPAN_NO_NAMESPACE);
      out.half(alone(span));
    } else if (waiting.size() >= Limits.SPANS_WAITING) {
      counters.add(Count.DROPPED_SPANS);
    } else {
      WaitingSpan arrived = new WaitingSpan(span, nowNanos);
      // An entry usually comes last, so it need not wait for a tick; bursts may still be under way.
      boolean isJoined = span.protocol() == Protocol.HTTP1 && join(arrived, nowNanos);
      if (!isJoined) {
        waiting.addLast(arrived);
      }
    }
  }

  /** No agent has told of anything: there is nothing to wait for. */
  private HalfHop alone(SidecarSpan span) {
    PodKey pod = PodKey.UNKNOWN;
    long start = clocks.toMonotonic(pod.node(), span.startWallNanos());
    return new HalfHop(span, pod.node(), pod.netns(), start, HalfHop.Sockets.NONE);
  }

  /** Joins what is complete, and what has waited long enough. */
  void tick(long nowNanos) {
    waiting.removeIf(w -> nowNanos >= w.nextLookNanos && look(w, nowNanos));
    exchanges.expire(nowNanos);
  }

  private boolean look(WaitingSpan w, long nowNanos) {
    boolean isJoined = join(w, nowNanos);
    if (!isJoined && !w.looked) {
      w.looked = true;
      out.waits(w.span);
    }
    return isJoined;
  }

  /** A look costs a dozen map reads, so the next comes after a quarter of the wait so far. */
  private boolean join(WaitingSpan w, long nowNanos) {
    long deadline = w.arrivedNanos + Limits.SPAN_WAIT_NANOS;
    boolean isLast = nowNanos >= deadline;
    Candidate candidate = new Candidate(w.span, isLast);
    if (candidate.isComplete() || isLast) {
      out.half(candidate.take());
      return true;
    }
    w.nextLookNanos = Math.min(deadline, nowNanos + (nowNanos - w.arrivedNanos) / 4);
    return false;
  }

  int waiting() {
    return waiting.size();
  }

  /** One look at what the index holds for a span. */
  private final class Candidate {
    private final SidecarSpan span;
    private final boolean isLast;
    private final PodKey pod;
    private final long startNanos;
    private SocketTurns.@Nullable Turn callingApp;
    private SocketTurns.@Nullable Turn downstream;
    private SocketTurns.@Nullable Turn upstream;
    private SocketTurns.@Nullable Turn servingApp;
    private UpstreamPool pool = UpstreamPool.UNKNOWN;
    private boolean isAppNatUnknown;

    /**
     * @param isLast what has not been reported by now will not be
     */
    Candidate(SidecarSpan span, boolean isLast) {
      this.span = span;
      this.isLast = isLast;
      this.pod = pods.resolve(span);
      this.startNanos = clocks.toMonotonic(pod.node(), span.startWallNanos());
      if (pod != PodKey.UNKNOWN) {
        exchanges.logs(pod);
        findDownstream();
        findUpstream();
      }
    }

    private void findDownstream() {
      Endpoint peer = span.downstreamDirectRemote();
      if (bursts.isMultiplexed(peer)) {
        findDownstreamStream(peer);
        return;
      }
      SocketTurns accepted = exchanges.accepted(pod, peer);
      if (accepted != null) {
        long latest = startNanos + slack();
        downstream = accepted.latestBegunBy(latest, e -> !isOver(e));
      }
      SocketTurns calling =
          downstream == null
              ? exchanges.connecting(pod, peer)
              : exchanges.calling(pod, peer, downstream.exchange);
      if (calling != null) {
        long read = downstream == null ? startNanos : downstream.firstNanos();
        callingApp =
            calling.latestBegunBy(
                read, e -> isOriginalDestination(e) && !isOver(e) && !isOwnedAs(downstream, e));
      }
      if (isLast
          && callingApp == null
          && downstream != null
          && isOwnAddress(peer)
          && !exchanges.isRewritten(pod, peer, downstream.exchange)) {
        Endpoint original = span.downstreamLocal();
        callingApp =
            RewrittenPort.find(
                exchanges.calling(pod, original),
                downstream.exchange,
                local -> exchanges.accepted(pod, local) == null || isShared(local, original));
        isAppNatUnknown = callingApp == null;
      }
    }

    /** The port has another connection, too: one of the two had to be rewritten. */
    private boolean isShared(Endpoint local, Endpoint original) {
      SocketTurns sockets = exchanges.connecting(pod, local);
      return sockets != null && sockets.has(e -> !e.tuple().remote().equals(original));
    }

    /** The caller is in the pod, for an address outside would be the peer's. */
    private boolean isOwnAddress(Endpoint peer) {
      return span.isOutbound() && span.proxy().podIps().contains(peer.ip());
    }

    /** The proxy's own socket, not an app's: a pod that calls itself has both ends of one line. */
    private boolean isOwnedAs(SocketTurns.@Nullable Turn proxys, Exchange e) {
      int owner = e.owner().tgid();
      return owner != 0 && proxys != null && proxys.exchange.owner().tgid() == owner;
    }

    private void findDownstreamStream(Endpoint peer) {
      SocketBursts own = bursts.accepted(pod, peer);
      if (own == null) {
        return;
      }
      StreamEnds.Bursts here = stream().downstream(own);
      downstream = turn(here, exchanges.accepted(pod, peer));
      SocketBursts app = bursts.connecting(pod, peer);
      if (app != null) {
        callingApp = turn(StreamEnds.caller(here, app), exchanges.connecting(pod, peer));
      }
    }

    private void findUpstreamStream(Endpoint local) {
      SocketBursts own = bursts.connecting(pod, local);
      if (own == null) {
        return;
      }
      StreamEnds.Bursts here = stream().upstream(own);
      upstream = turn(here, exchanges.connecting(pod, local));
      if (upstream != null) {
        pool =
            pools.of(
                pod, span, startNanos, Nanos.UNSET, upstream.exchange.marks().sendFirstNanos());
      }
      SocketBursts app = bursts.accepted(pod, local);
      if (app != null) {
        servingApp = turn(StreamEnds.server(here, app), exchanges.accepted(pod, local));
      }
    }

    private StreamEnds stream() {
      return new StreamEnds(span, startNanos, slack());
    }

    /** Not of the index: streams share turns, nobody claims them. */
    private SocketTurns.@Nullable Turn turn(StreamEnds.Bursts b, @Nullable SocketTurns turns) {
      SocketTurns.Turn any =
          turns == null ? null : turns.latestBegunBy(startNanos + durationNanos(), e -> true);
      Exchange e = StreamEnds.exchange(b, any == null ? null : any.exchange);
      return e == null ? null : new SocketTurns.Turn(e);
    }

    private long durationNanos() {
      long duration = span.durationNanos();
      return Nanos.isSet(duration) ? duration : 0;
    }

    /** It had its answer before this request began: the turn before, or of a socket before. */
    private boolean isOver(Exchange e) {
      Exchange.Marks m = e.marks();
      long last = e.role() == Role.CONNECT ? m.readLastNanos() : m.sendLastNanos();
      return Nanos.isSet(last) && last < startNanos - slack();
    }

    private boolean isOriginalDestination(Exchange e) {
      return e.tuple().remote().equals(span.downstreamLocal());
    }

    private void findUpstream() {
      if (bursts.isMultiplexed(span.upstreamLocal())
          || bursts.areMultiplexed(span.upstreamLocal(), span.upstreamRemote())
              && bursts.connecting(pod, span.upstreamLocal()) != null) {
        findUpstreamStream(span.upstreamLocal());
        return;
      }
      SocketTurns sockets = exchanges.connecting(pod, span.upstreamLocal());
      long seenBy = upstreamSeenByNanos();
      if (sockets == null || !Nanos.isSet(seenBy)) {
        return;
      }
      upstream =
          sockets.latestBegunBy(
              seenBy, e -> e.tuple().remote().equals(span.upstreamRemote()) && !isOver(e));
      if (upstream == null) {
        return;
      }
      long free = sockets.freedNanos(upstream.exchange, startNanos);
      pool = pools.of(pod, span, startNanos, free, upstream.firstNanos());
      SocketTurns serving = exchanges.accepted(pod, span.upstreamLocal());
      if (serving != null) {
        long answered = answeredNanos(upstream.exchange);
        servingApp = serving.latestBegunBy(answered, e -> !isOver(e) && !isOwnedAs(upstream, e));
      }
    }

    /** By when the request was surely written upstream and no later one could have been. */
    private long upstreamSeenByNanos() {
      long offset = span.firstUpstreamRxNanos();
      if (!Nanos.isSet(offset)) {
        offset = span.durationNanos();
      }
      return Nanos.isSet(offset) ? startNanos + offset + slack() : Nanos.UNSET;
    }

    private static long answeredNanos(Exchange upstream) {
      long read = upstream.marks().readFirstNanos();
      return Nanos.isSet(read) ? read : upstream.emitNanos();
    }

    private long slack() {
      return clocks.boundNanos(pod.node()) + START_GRAIN_NANOS;
    }

    /** All ends the span speaks of are there, and reported after the span ended. */
    boolean isComplete() {
      if (pod == PodKey.UNKNOWN) {
        return pods.isEmpty();
      }
      boolean needsUpstream = span.upstreamLocal().isSet();
      return isFinal(downstream)
          && (!needsUpstream || isFinal(upstream))
          && (isFinal(callingApp)
              || isFinal(servingApp)
              || span.proxy().kind() != Proxy.Kind.SIDECAR);
    }

    private boolean isFinal(SocketTurns.@Nullable Turn turn) {
      long duration = span.durationNanos();
      return turn != null
          && (!Nanos.isSet(duration)
              || turn.exchange.emitNanos() >= startNanos + duration - slack());
    }

    HalfHop take() {
      countMissing();
      if (downstream != null) {
        exchanges.logged(pod, downstream.exchange);
      }
      return new HalfHop(
          span,
          pod.node(),
          pod.netns(),
          startNanos,
          claim(callingApp, span.downstreamDirectRemote()),
          claim(downstream, span.downstreamDirectRemote()),
          claim(upstream, span.upstreamLocal()),
          claim(servingApp, span.upstreamLocal()),
          pool);
    }

    private void countMissing() {
      if (pod == PodKey.UNKNOWN) {
        counters.add(Count.SPAN_NO_NAMESPACE);
        return;
      }
      if (isAppNatUnknown) {
        counters.add(Count.APP_SOCKET_NAT_UNKNOWN);
      }
      if (downstream == null) {
        counters.add(Count.SPAN_NO_DOWNSTREAM_SOCKET);
      }
      if (upstream == null && span.upstreamLocal().isSet()) {
        counters.add(Count.SPAN_NO_UPSTREAM_SOCKET);
      }
    }

    /** A turn belongs to one span. One that two want is of a connection that is multiplexed. */
    private @Nullable Exchange claim(SocketTurns.@Nullable Turn turn, Endpoint connecting) {
      if (turn == null) {
        return null;
      }
      if (turn.takenBy != null && turn.takenBy != span) {
        counters.add(Count.EXCHANGE_TAKEN);
        if (turn.exchange.has(Exchange.TLS)) {
          bursts.multiplexed(connecting);
        }
        return null;
      }
      turn.takenBy = span;
      return turn.exchange;
    }
  }
}
