package io.hoptoll.correlator;

import io.hoptoll.correlator.JoinCounters.Count;
import io.hoptoll.model.Endpoint;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.Proxy;
import io.hoptoll.model.SidecarSpan;
import io.hoptoll.model.SidecarSpan.Kind;
import io.hoptoll.model.UpstreamPool;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Entries of proxied TCP connections + exchanges of the same pod → a {@link HalfHop} for each turn.
 * An entry names the connection's sockets; from then on its turns are joined as they are answered,
 * those before it from what {@link ExchangeIndex} kept. So Istio's default, one entry at the end,
 * tells late, and {@code access_log_options} of tcp_proxy (on connected, or an interval) in time.
 *
 * <p>Cumulative counts of periodic entries are not needed: the sockets count each turn's bytes.
 */
final class TcpJoin {
  /** ALS start_time has µs digits. */
  private static final long START_GRAIN_NANOS = Nanos.PER_MICRO;

  private record Key(Proxy proxy, Endpoint peer) {}

  private final ClockMap clocks;
  private final PodDirectory pods;
  private final ExchangeIndex exchanges;
  private final JoinCounters counters;
  private final Consumer<HalfHop> out;

  /** Used longest ago first. */
  private final Map<Key, TcpConnection> connections = new LinkedHashMap<>(64, 0.75f, true);

  private long lookedNanos = Nanos.UNSET;

  TcpJoin(
      ClockMap clocks,
      PodDirectory pods,
      ExchangeIndex exchanges,
      JoinCounters counters,
      Consumer<HalfHop> out) {
    this.clocks = clocks;
    this.pods = pods;
    this.exchanges = exchanges;
    this.counters = counters;
    this.out = out;
  }

  /** An entry of a connection: at its start, from time to time, or at its end. */
  void span(SidecarSpan entry, long nowNanos) {
    Endpoint peer = entry.downstreamDirectRemote();
    boolean isNamed = entry.upstreamLocal().isSet();
    if (!peer.isSet() || (!isNamed && entry.kind() != Kind.END)) {
      return; // too early: its upstream is not connected yet
    }
    Key key = new Key(entry.proxy(), peer);
    TcpConnection known = connections.get(key);
    if (known != null && known.isSame(entry)) {
      known.heard(entry, nowNanos);
      return;
    }
    if (known != null) {
      finish(known); // its address is in use again
    }
    connections.put(key, new TcpConnection(entry, nowNanos));
    if (connections.size() > Limits.TCP_CONNECTIONS) {
      Iterator<TcpConnection> eldest = connections.values().iterator();
      finish(eldest.next());
      eldest.remove();
      counters.add(Count.TCP_CONNECTIONS_FORGOTTEN);
    }
  }

  void tick(long nowNanos) {
    if (Nanos.isSet(lookedNanos) && nowNanos - lookedNanos < Limits.TCP_LOOK_NANOS) {
      return;
    }
    lookedNanos = nowNanos;
    for (Iterator<TcpConnection> all = connections.values().iterator(); all.hasNext(); ) {
      TcpConnection c = all.next();
      look(c, nowNanos);
      if (c.isOver(nowNanos, 2 * Limits.SPAN_WAIT_NANOS, Limits.TCP_SILENCE_NANOS)) {
        finish(c);
        all.remove();
      }
    }
  }

  int waiting() {
    return connections.size();
  }

  private void look(TcpConnection c, long nowNanos) {
    SidecarSpan entry = c.entry();
    PodKey pod = pods.resolve(entry);
    if (pod == PodKey.UNKNOWN) {
      return;
    }
    exchanges.logs(pod);
    long start = startNanos(pod, entry);
    long slack = clocks.boundNanos(pod.node()) + START_GRAIN_NANOS;
    long duration = entry.durationNanos();
    boolean isEnded = entry.kind() == Kind.END && Nanos.isSet(duration);
    SocketTurns accepted = exchanges.accepted(pod, entry.downstreamDirectRemote());
    c.notice(
        accepted, start - slack, isEnded ? start + duration + slack : Long.MAX_VALUE, nowNanos);
    c.settle(p -> join(pod, entry, start, p, nowNanos));
    if (c.tellsFailure()) {
      out.accept(failure(pod, entry));
    }
  }

  private boolean join(
      PodKey pod, SidecarSpan entry, long start, TcpConnection.Pending p, long nowNanos) {
    SidecarSpan.Addresses a = entry.addresses();
    TcpTurn turn =
        new TcpTurn(
            p.turn(),
            exchanges.calling(pod, a.downstreamDirectRemote(), p.turn().exchange),
            exchanges.connecting(pod, a.upstreamLocal()),
            exchanges.accepted(pod, a.upstreamLocal()));
    if (!turn.isComplete() && nowNanos - p.sinceNanos() < Limits.SPAN_WAIT_NANOS) {
      return false;
    }
    turn.claim(entry);
    if (turn.isAmbiguous()) {
      counters.add(Count.TCP_TURNS_AMBIGUOUS);
    } else {
      counters.add(Count.TCP_TURNS);
      out.accept(half(pod, entry, start, turn));
    }
    return true;
  }

  private static HalfHop half(PodKey pod, SidecarSpan entry, long start, TcpTurn turn) {
    Exchange down = turn.downstream();
    long read = down.marks().readFirstNanos();
    long answered = Math.max(down.marks().sendFirstNanos(), down.marks().sendLastNanos());
    return new HalfHop(
        TcpSpans.turn(entry, read - start, answered - read),
        pod.node(),
        pod.netns(),
        read,
        turn.callingApp(),
        down,
        turn.upstream(),
        turn.servingApp(),
        UpstreamPool.UNKNOWN);
  }

  /** Its failure is told once, whatever it carried before. */
  private void finish(TcpConnection c) {
    SidecarSpan entry = c.entry();
    PodKey pod = pods.resolve(entry);
    if (pod == PodKey.UNKNOWN) {
      counters.add(Count.SPAN_NO_NAMESPACE);
    } else if (c.isUnused()) {
      counters.add(Count.TCP_WITHOUT_TURNS);
    }
    if (c.tellsFailure()) {
      out.accept(failure(pod, entry));
    }
  }

  private HalfHop failure(PodKey pod, SidecarSpan entry) {
    @Nullable Exchange none = null;
    return new HalfHop(
        TcpSpans.failure(entry),
        pod.node(),
        pod.netns(),
        startNanos(pod, entry),
        none,
        none,
        none,
        none,
        UpstreamPool.UNKNOWN);
  }

  private long startNanos(PodKey pod, SidecarSpan entry) {
    return clocks.toMonotonic(pod.node(), entry.startWallNanos());
  }
}
