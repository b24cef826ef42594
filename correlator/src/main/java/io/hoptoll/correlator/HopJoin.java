package io.hoptoll.correlator;

import io.hoptoll.correlator.JoinCounters.Count;
import io.hoptoll.correlator.WaitingHalf.Side;
import io.hoptoll.model.Endpoint;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Hop;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.Proxy;
import io.hoptoll.model.SidecarSpan;
import io.hoptoll.model.SidecarSpan.Protocol;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Client half + server half → {@link Hop}. Key: the connection between the sidecars (client's
 * {@code upstream_local_address} = server's {@code downstream_direct_remote_address}); on it the
 * order decides: same clock → containment in time, two clocks → equal turn numbers. The request id
 * must not contradict, but never suffices: retries, hedges and careless apps repeat it.
 */
final class HopJoin {
  /** Who waits for hops, and is told of entries whose hop may come much later than others. */
  interface Patience {
    void late(SidecarSpan span);

    /** The hop of one that was late is about to come. */
    default void lateNoMore(SidecarSpan span) {}
  }

  /** A half of a multiplexed connection that waits for the others of the same burst. */
  private record Stream(WaitingHalf waiting, long dueNanos) {}

  private final HalvesWaiting waiting;
  private final Attempts attempts;
  private final Deque<Stream> streams = new ArrayDeque<>();
  private final StreamIds streamIds = new StreamIds();

  /** Connecting ends whose server side says HTTP/2, latest last. */
  private final Set<Endpoint> multiplexed = new LinkedHashSet<>();

  /** The last that came, unless it waits. */
  private @Nullable WaitingHalf spare;

  private final Callers callers = new Callers();
  private final LedgerBuilder ledgers;
  private final JoinCounters counters;
  private final ObjLongConsumer<Hop> out;

  /**
   * @param out takes each hop, and when the later of its halves came
   */
  HopJoin(
      LedgerBuilder ledgers, JoinCounters counters, ObjLongConsumer<Hop> out, Patience patience) {
    this.waiting = new HalvesWaiting(patience);
    this.ledgers = ledgers;
    this.counters = counters;
    this.out = out;
    this.attempts = new Attempts(waiting, counters);
  }

  /** Every span, as it comes in, before its half. */
  void span(SidecarSpan span, long nowNanos) {
    callers.span(span, nowNanos);
    attempts.span(span, nowNanos);
  }

  void half(HalfHop half, long nowNanos) {
    attempts.half(half);
    WaitingHalf w = spare == null ? new WaitingHalf(half, nowNanos) : spare.become(half, nowNanos);
    spare = w;
    if (!w.upstreamKey().isSet() && !w.downstreamKey().isSet()) {
      emitHalf(w, w.side == Side.SERVER);
    } else if (isMultiplexed(w)) {
      streamIds.add(half.span(), w.side.mayBeClient());
      await(w);
      streams.addLast(new Stream(w, nowNanos + Limits.STREAM_WAIT_NANOS));
    } else {
      join(w, nowNanos);
    }
  }

  private void join(WaitingHalf w, long nowNanos) {
    WaitingHalf server = nearest(w, waiting.on(w.upstreamKey()), false);
    WaitingHalf client = server != null ? null : nearest(w, waiting.on(w.downstreamKey()), true);
    if (server != null) {
      waiting.take(server);
      pair(w.half, server.half, nowNanos, nowNanos);
    } else if (client != null) {
      waiting.take(client);
      pair(client.half, w.half, nowNanos, nowNanos);
    } else {
      await(w);
    }
  }

  /** Its connection carries many requests at once, so order alone decides between equal ones. */
  private boolean isMultiplexed(WaitingHalf w) {
    if (w.side == Side.SERVER) {
      boolean is = w.half.span().protocol() == Protocol.HTTP2;
      if (is && multiplexed.add(w.downstreamKey()) && multiplexed.size() > Limits.MULTIPLEXED) {
        multiplexed.remove(multiplexed.iterator().next());
      }
      return is;
    }
    Exchange up = w.half.upstream();
    return (up != null && up.has(Exchange.SHARED)) || multiplexed.contains(w.upstreamKey());
  }

  /** Gives up on halves that have waited long enough. */
  void tick(long nowNanos) {
    while (!streams.isEmpty() && streams.peekFirst().dueNanos() <= nowNanos) {
      WaitingHalf w = streams.removeFirst().waiting();
      if (!w.done) {
        pairStreams(w, nowNanos);
      }
    }
    attempts.tick(nowNanos, r -> emit(r.client(), r.server(), r.arrivedNanos()));
    for (WaitingHalf w = waiting.oldest();
        w != null && nowNanos - w.arrivedNanos >= Limits.HALF_WAIT_NANOS;
        w = waiting.oldest()) {
      if (mayBeWaitedFor(w, nowNanos)) {
        waiting.waitOn(w);
      } else {
        giveUp(w);
      }
    }
    for (WaitingHalf w = waiting.oldestPatient();
        w != null && nowNanos - w.arrivedNanos >= Limits.CALLER_WAIT_NANOS;
        w = waiting.oldestPatient()) {
      giveUp(w);
    }
  }

  /**
   * A server's sidecar is done when the answer lies in its socket. Where the way back loses it, the
   * caller's sidecar is not, for seconds; and it is one that tells of its calls.
   */
  private boolean mayBeWaitedFor(WaitingHalf w, long nowNanos) {
    return w.side == Side.SERVER && callers.hasCalledLately(w.downstreamKey().host(), nowNanos);
  }

  int waiting() {
    return waiting.size();
  }

  private void await(WaitingHalf w) {
    spare = null;
    waiting.add(w);
    WaitingHalf patient = waiting.oldestPatient();
    WaitingHalf oldest = patient != null ? patient : waiting.oldest();
    if (waiting.size() > Limits.HALVES_WAITING && oldest != null) {
      counters.add(Count.DROPPED_HALVES);
      giveUp(oldest);
    }
  }

  private void giveUp(WaitingHalf w) {
    waiting.take(w);
    boolean client = w.side == Side.CLIENT;
    counters.add(client ? Count.CLIENT_WITHOUT_SERVER : Count.SERVER_WITHOUT_CLIENT);
    emitHalf(w, !client);
  }

  /** Of the halves that match, the one that began nearest; of two equally near, the older one. */
  private static @Nullable WaitingHalf nearest(
      WaitingHalf w, HalvesWaiting.@Nullable Lane lane, boolean clients) {
    if (lane == null) {
      return null;
    }
    WaitingHalf nearest = null;
    HalfList others = clients ? lane.clients : lane.servers;
    for (int i = others.nextOf(w.idHash, 0);
        i < others.size();
        i = others.nextOf(w.idHash, i + 1)) {
      WaitingHalf other = others.get(i);
      boolean fits =
          clients ? HopMatch.matches(other.half, w.half) : HopMatch.matches(w.half, other.half);
      if (fits
          && (nearest == null
              || HopMatch.distance(other.half, w.half) < HopMatch.distance(nearest.half, w.half))) {
        nearest = other;
      }
    }
    return nearest;
  }

  private void pairStreams(WaitingHalf w, long nowNanos) {
    HalvesWaiting.Lane lane =
        waiting.on(w.side.mayBeClient() ? w.upstreamKey() : w.downstreamKey());
    if (lane == null) {
      return;
    }
    StreamGroup<WaitingHalf> group =
        StreamGroup.of(
            w,
            lane.clients,
            lane.servers,
            (c, s) -> HopMatch.matches(c.half, s.half),
            HopJoin::began);
    if (group.isPaired()) {
      group.pairs((client, server) -> takePair(client, server, nowNanos));
      return;
    }
    boolean isClient = lane.clients.contains(w);
    WaitingHalf partner = partnerById(w, isClient ? lane.servers : lane.clients, isClient);
    if (partner != null) {
      takePair(isClient ? w : partner, isClient ? partner : w, nowNanos);
    } else if (group.isContradictory()) {
      counters.add(Count.STREAMS_AMBIGUOUS);
    }
  }

  private void takePair(WaitingHalf client, WaitingHalf server, long nowNanos) {
    waiting.take(client);
    waiting.take(server);
    long arrived = Math.max(client.arrivedNanos, server.arrivedNanos);
    pair(client.half, server.half, arrived, nowNanos);
  }

  /**
   * Which burst carried a request is read from instants, and a proxy that writes late, or one part
   * after another, misleads. Then its id decides, if on this connection just one request was sent,
   * and one received, with that id, in a time that fits.
   */
  private @Nullable WaitingHalf partnerById(
      WaitingHalf w, List<WaitingHalf> others, boolean isClient) {
    for (WaitingHalf other : others) {
      HalfHop client = isClient ? w.half : other.half;
      HalfHop server = isClient ? other.half : w.half;
      if (w.mayShareId(other)
          && HopMatch.mayOwn(client, server)
          && streamIds.areUnique(client.span(), server.span())) {
        return other;
      }
    }
    return null;
  }

  /** When its request passed the connection between the sidecars: sent, or decoded. */
  private static long began(WaitingHalf w, boolean client) {
    long sent = client ? w.half.at(w.half.span().firstUpstreamTxNanos()) : Nanos.UNSET;
    return Nanos.isSet(sent) ? sent : w.half.startNanos();
  }

  private void pair(HalfHop client, HalfHop server, long arrivedNanos, long nowNanos) {
    if (Attempts.isRetried(client.span())) {
      attempts.hold(client, server, arrivedNanos, nowNanos);
    } else {
      emit(client, server, arrivedNanos);
    }
  }

  private void emit(HalfHop client, HalfHop server, long arrivedNanos) {
    List<HalfHop> others = attempts.others(client);
    boolean full =
        client.downstream() != null
            && client.upstream() != null
            && server.downstream() != null
            && server.upstream() != null
            && server.servingApp() != null
            && (client.callingApp() != null || !expectsCallingApp(client));
    counters.add(full ? Count.HOPS_FULL : Count.HOPS_PARTIAL);
    hop(client, server, others, arrivedNanos);
  }

  private static boolean expectsCallingApp(HalfHop client) {
    return client.span().proxy().kind() == Proxy.Kind.SIDECAR;
  }

  private void emitHalf(WaitingHalf w, boolean isServer) {
    HalfHop half = w.half;
    counters.add(Count.HOPS_HALF);
    HalfHop client = isServer ? null : half;
    HalfHop server = isServer ? half : null;
    List<HalfHop> others = client == null ? List.of() : attempts.others(client);
    hop(client, server, others, w.arrivedNanos);
  }

  private void hop(
      @Nullable HalfHop client, @Nullable HalfHop server, List<HalfHop> others, long arrivedNanos) {
    out.accept(
        new Hop(client, server, others, ledgers.build(client, server, others)), arrivedNanos);
  }
}
