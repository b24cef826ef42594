package io.hoptoll.correlator;

import io.hoptoll.correlator.JoinCounters.Count;
import io.hoptoll.model.Endpoint;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Hop;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.Proxy;
import io.hoptoll.model.SidecarSpan;
import io.hoptoll.model.SidecarSpan.Protocol;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Client half + server half → {@link Hop}. Key: the connection between the sidecars (client's
 * {@code upstream_local_address} = server's {@code downstream_direct_remote_address}); on it the
 * order decides: same clock → containment in time, two clocks → equal turn numbers. The request id
 * must not contradict, but never suffices: retries, hedges and careless apps repeat it.
 */
final class HopJoin {
  /** Which side of a hop a half is; where proxies and apps share one namespace: either. */
  private enum Side {
    CLIENT,
    SERVER,
    EITHER;

    boolean mayBeClient() {
      return this != SERVER;
    }

    boolean mayBeServer() {
      return this != CLIENT;
    }
  }

  private static final class Waiting {
    final HalfHop half;
    final long deadlineNanos;
    final Side side;

    /** Of its request id, 0 where it has none: most others are ruled out without a look at them. */
    final int idHash;

    boolean done;

    Waiting(HalfHop half, Side side, long deadlineNanos) {
      this.half = half;
      this.side = side;
      this.deadlineNanos = deadlineNanos;
      this.idHash = idHash(half);
    }

    boolean mayShareId(int otherHash) {
      return idHash == otherHash || idHash == 0 || otherHash == 0;
    }
  }

  /** Both kinds of halves that wait on one connection. */
  private static final class Lane {
    final List<Waiting> clients = new ArrayList<>(2);
    final List<Waiting> servers = new ArrayList<>(2);
  }

  private final Map<Endpoint, Lane> lanes = new HashMap<>();
  private final Map<String, List<Waiting>> serversById = new HashMap<>();

  /** Those that wait, oldest first; one that is joined leaves at once, with what it holds. */
  private final Set<Waiting> arrivals = new LinkedHashSet<>();

  /** A half of a multiplexed connection that waits for the others of the same burst. */
  private record Stream(Waiting waiting, long dueNanos) {}

  private final Deque<Stream> streams = new ArrayDeque<>();
  private final StreamIds streamIds = new StreamIds();
  private final Attempts attempts = new Attempts();

  /** Connecting ends whose server side says HTTP/2, latest last. */
  private final Set<Endpoint> multiplexed = new LinkedHashSet<>();

  private final LedgerBuilder ledgers;
  private final JoinCounters counters;
  private final Consumer<Hop> out;

  HopJoin(LedgerBuilder ledgers, JoinCounters counters, Consumer<Hop> out) {
    this.ledgers = ledgers;
    this.counters = counters;
    this.out = out;
  }

  /** Every span, as it comes in. */
  void span(SidecarSpan span, long nowNanos) {
    attempts.span(span, nowNanos);
  }

  void half(HalfHop half, long nowNanos) {
    attempts.half(half);
    Side side = side(half);
    if (!upstreamKey(half, side).isSet() && !downstreamKey(half, side).isSet()) {
      emitHalf(half, side == Side.SERVER);
      return;
    }
    if (isMultiplexed(half, side)) {
      Waiting w = new Waiting(half, side, nowNanos + Limits.HALF_WAIT_NANOS);
      streamIds.add(half.span(), side != Side.SERVER);
      await(w);
      streams.addLast(new Stream(w, nowNanos + Limits.STREAM_WAIT_NANOS));
      return;
    }
    Waiting server = serverFor(half, lanes.get(upstreamKey(half, side)));
    Waiting client = server != null ? null : clientFor(half, lanes.get(downstreamKey(half, side)));
    if (server != null) {
      take(server);
      pair(half, server.half, nowNanos);
    } else if (client != null) {
      take(client);
      pair(client.half, half, nowNanos);
    } else {
      await(new Waiting(half, side, nowNanos + Limits.HALF_WAIT_NANOS));
    }
  }

  /** Its connection carries many requests at once, so order alone decides between equal ones. */
  private boolean isMultiplexed(HalfHop half, Side side) {
    if (side == Side.SERVER) {
      boolean is = half.span().protocol() == Protocol.HTTP2;
      if (is && multiplexed.add(downstreamKey(half, side))) {
        boundMultiplexed();
      }
      return is;
    }
    Exchange up = half.upstream();
    return (up != null && up.has(Exchange.SHARED)) || multiplexed.contains(upstreamKey(half, side));
  }

  private void boundMultiplexed() {
    if (multiplexed.size() > Limits.MULTIPLEXED) {
      multiplexed.remove(multiplexed.iterator().next());
    }
  }

  private void take(Waiting w) {
    w.done = true;
    forget(w);
  }

  /** The connection to the server, as the client side would know it. */
  private static Endpoint upstreamKey(HalfHop half, Side side) {
    return side.mayBeClient() ? half.span().addresses().upstreamLocal() : Endpoint.NONE;
  }

  /** The connection from the client, as the server side would know it. */
  private static Endpoint downstreamKey(HalfHop half, Side side) {
    return side.mayBeServer() ? half.span().addresses().downstreamDirectRemote() : Endpoint.NONE;
  }

  /** Gives up on halves that have waited long enough. */
  void tick(long nowNanos) {
    while (!streams.isEmpty() && streams.peekFirst().dueNanos() <= nowNanos) {
      Waiting w = streams.removeFirst().waiting();
      if (!w.done) {
        pairStreams(w, nowNanos);
      }
    }
    attempts.tick(nowNanos, this::emit);
    while (!arrivals.isEmpty() && oldest().deadlineNanos <= nowNanos) {
      giveUp(oldest());
    }
  }

  private Waiting oldest() {
    return arrivals.iterator().next();
  }

  int waiting() {
    return arrivals.size();
  }

  /**
   * Istio's cluster names say it. Else the app it serves is in its own pod, or the app that called
   * it; where both are (proxies that share a namespace), the partner that turns up decides. A
   * request that a sidecar refused has neither cluster nor app: its own address says who was meant.
   */
  private static Side side(HalfHop half) {
    if (half.span().isInbound()) {
      return Side.SERVER;
    }
    if (half.span().isOutbound()) {
      return Side.CLIENT;
    }
    boolean serves = half.servingApp() != null;
    boolean called = half.callingApp() != null;
    if (serves && called) {
      return Side.EITHER;
    }
    if (serves || called) {
      return serves ? Side.SERVER : Side.CLIENT;
    }
    if (isMeantForItsPod(half.span())) {
      return Side.SERVER;
    }
    return half.span().addresses().upstreamLocal().isLoopback() ? Side.EITHER : Side.CLIENT;
  }

  /** A gateway is called by its own address, too, but calls others for its callers. */
  private static boolean isMeantForItsPod(SidecarSpan span) {
    return span.proxy().kind() == Proxy.Kind.SIDECAR
        && !span.addresses().upstreamLocal().isSet()
        && span.proxy().podIps().contains(span.addresses().downstreamLocal().ip());
  }

  private void await(Waiting w) {
    lane(upstreamKey(w.half, w.side), l -> l.clients.add(w));
    lane(downstreamKey(w.half, w.side), l -> l.servers.add(w));
    arrivals.add(w);
    String id = w.half.span().request().requestId();
    if (w.side.mayBeServer() && !id.isEmpty()) {
      serversById.computeIfAbsent(id, k -> new ArrayList<>(2)).add(w);
    }
    if (arrivals.size() > Limits.HALVES_WAITING) {
      counters.add(Count.DROPPED_HALVES);
      giveUp(oldest());
    }
  }

  private void lane(Endpoint key, Consumer<Lane> entry) {
    if (key.isSet()) {
      entry.accept(lanes.computeIfAbsent(key, k -> new Lane()));
    }
  }

  private void giveUp(Waiting w) {
    take(w);
    boolean client = w.side == Side.CLIENT;
    counters.add(client ? Count.CLIENT_WITHOUT_SERVER : Count.SERVER_WITHOUT_CLIENT);
    emitHalf(w.half, !client);
  }

  private void forget(Waiting w) {
    arrivals.remove(w);
    leave(upstreamKey(w.half, w.side), w);
    leave(downstreamKey(w.half, w.side), w);
    String id = w.half.span().request().requestId();
    List<Waiting> same = w.side.mayBeServer() ? serversById.get(id) : null;
    if (same != null) {
      same.remove(w);
      if (same.isEmpty()) {
        serversById.remove(id);
      }
    }
  }

  private void leave(Endpoint key, Waiting w) {
    Lane lane = lanes.get(key);
    if (lane == null) {
      return;
    }
    lane.clients.remove(w);
    lane.servers.remove(w);
    if (lane.clients.isEmpty() && lane.servers.isEmpty()) {
      lanes.remove(key);
    }
  }

  private static @Nullable Waiting clientFor(HalfHop server, @Nullable Lane lane) {
    return lane == null ? null : nearest(server, lane.clients, true);
  }

  private static @Nullable Waiting serverFor(HalfHop client, @Nullable Lane lane) {
    return lane == null ? null : nearest(client, lane.servers, false);
  }

  /** Of the halves that match, the one that began nearest; of two equally near, the older one. */
  private static @Nullable Waiting nearest(HalfHop half, List<Waiting> waiting, boolean clients) {
    int idHash = idHash(half);
    Waiting nearest = null;
    for (Waiting w : waiting) {
      if (w.mayShareId(idHash)
          && (clients ? matches(w.half, half) : matches(half, w.half))
          && (nearest == null || distance(w.half, half) < distance(nearest.half, half))) {
        nearest = w;
      }
    }
    return nearest;
  }

  private static int idHash(HalfHop half) {
    return half.span().request().requestId().hashCode();
  }

  private void pairStreams(Waiting w, long nowNanos) {
    Lane lane =
        lanes.get(
            w.side.mayBeClient() ? upstreamKey(w.half, w.side) : downstreamKey(w.half, w.side));
    if (lane == null) {
      return;
    }
    StreamGroup<Waiting> group =
        StreamGroup.of(
            w, lane.clients, lane.servers, (c, s) -> matches(c.half, s.half), HopJoin::began);
    if (group.isPaired()) {
      group.pairs(
          (client, server) -> {
            take(client);
            take(server);
            pair(client.half, server.half, nowNanos);
          });
      return;
    }
    boolean isClient = lane.clients.contains(w);
    Waiting partner = partnerById(w, isClient ? lane.servers : lane.clients, isClient);
    if (partner != null) {
      take(w);
      take(partner);
      pair(isClient ? w.half : partner.half, isClient ? partner.half : w.half, nowNanos);
    } else if (group.isContradictory()) {
      counters.add(Count.STREAMS_AMBIGUOUS);
    }
  }

  /**
   * Which burst carried a request is read from instants, and a proxy that writes late, or one part
   * after another, misleads. Then its id decides, if on this connection just one request was sent,
   * and one received, with that id, in a time that fits.
   */
  private @Nullable Waiting partnerById(Waiting w, List<Waiting> others, boolean isClient) {
    for (Waiting other : others) {
      HalfHop client = isClient ? w.half : other.half;
      HalfHop server = isClient ? other.half : w.half;
      if (w.idHash == other.idHash
          && Attempts.mayOwn(client, server)
          && streamIds.areUnique(client.span(), server.span())) {
        return other;
      }
    }
    return null;
  }

  /** When its request passed the connection between the sidecars: sent, or decoded. */
  private static long began(Waiting w, boolean client) {
    long sent = client ? w.half.at(w.half.span().times().firstUpstreamTxNanos()) : Nanos.UNSET;
    return Nanos.isSet(sent) ? sent : w.half.startNanos();
  }

  private static boolean matches(HalfHop client, HalfHop server) {
    String clientId = client.span().request().requestId();
    String serverId = server.span().request().requestId();
    if (!clientId.isEmpty() && !serverId.isEmpty() && !clientId.equals(serverId)) {
      return false;
    }
    if (!sameServer(client, server)) {
      return false;
    }
    Exchange up = client.upstream();
    Exchange down = server.downstream();
    if (up != null && down != null && up.has(Exchange.SHARED) && down.has(Exchange.SHARED)) {
      return StreamEnds.sameBytes(up, down) && sameAnswer(client, server);
    }
    if (sameClock(client, server)) {
      return contains(client, server);
    }
    if (up == null || down == null || up.has(Exchange.MIDWAY) || down.has(Exchange.MIDWAY)) {
      return true;
    }
    return up.turn() == down.turn();
  }

  /** What the client passed on is what the server said: tells a failed attempt from the last. */
  private static boolean sameAnswer(HalfHop client, HalfHop server) {
    SidecarSpan.Outcome passed = client.span().outcome();
    int said = server.span().outcome().code();
    return !passed.details().equals("via_upstream") || said == 0 || said == passed.code();
  }

  /** The client dialled this server's address (a proxy that hides addresses says nothing). */
  private static boolean sameServer(HalfHop client, HalfHop server) {
    Endpoint dialled = client.span().addresses().upstreamRemote();
    Endpoint own = server.span().addresses().downstreamLocal();
    return !dialled.isSet() || !own.isSet() || dialled.host().equals(own.host());
  }

  /** The server's span began after the client wrote this request and before it had its answer. */
  private static boolean contains(HalfHop client, HalfHop server) {
    Exchange up = client.upstream();
    long sent =
        up == null
            ? client.at(client.span().times().firstUpstreamTxNanos())
            : up.marks().sendFirstNanos();
    long from = Nanos.isSet(sent) ? sent : client.startNanos();
    return server.startNanos() >= from - Nanos.PER_MICRO
        && server.startNanos() <= client.endNanos();
  }

  static boolean sameClock(HalfHop a, HalfHop b) {
    return !a.node().isEmpty() && a.node().equals(b.node());
  }

  private static long distance(HalfHop client, HalfHop server) {
    return Math.abs(server.startNanos() - client.startNanos());
  }

  private void pair(HalfHop client, HalfHop server, long nowNanos) {
    if (client.span().outcome().attempts() > 1) {
      attempts.hold(client, server, nowNanos);
    } else {
      emit(client, server);
    }
  }

  private void emit(HalfHop client, HalfHop server) {
    List<HalfHop> others = earlierAttempts(client);
    boolean full =
        client.downstream() != null
            && client.upstream() != null
            && server.downstream() != null
            && server.upstream() != null
            && server.servingApp() != null
            && (client.callingApp() != null || !expectsCallingApp(client));
    counters.add(full ? Count.HOPS_FULL : Count.HOPS_PARTIAL);
    out.accept(new Hop(client, server, others, ledgers.build(client, server, others)));
  }

  private static boolean expectsCallingApp(HalfHop client) {
    return client.span().proxy().kind() == Proxy.Kind.SIDECAR;
  }

  private void emitHalf(HalfHop half, boolean server) {
    counters.add(Count.HOPS_HALF);
    HalfHop client = server ? null : half;
    List<HalfHop> others = client == null ? List.of() : earlierAttempts(client);
    out.accept(
        new Hop(
            client,
            server ? half : null,
            others,
            ledgers.build(client, server ? half : null, others)));
  }

  /**
   * Waiting server halves of the same request that lie within its span: attempts that failed. One
   * that another retried request of the same id could own as well is nobody's.
   */
  private List<HalfHop> earlierAttempts(HalfHop client) {
    String id = client.span().request().requestId();
    List<Waiting> same = serversById.get(id);
    if (client.span().outcome().attempts() < 2 || same == null) {
      return List.of();
    }
    List<HalfHop> found = new ArrayList<>();
    for (Waiting w : List.copyOf(same)) {
      if (Attempts.mayOwn(client, w.half)) {
        take(w);
        if (attempts.owners(w.half) > 1) {
          counters.add(Count.ATTEMPTS_AMBIGUOUS);
        } else {
          counters.add(Count.ATTEMPTS_ATTACHED);
          found.add(w.half);
        }
      }
    }
    found.sort(Comparator.comparingLong(HalfHop::startNanos));
    return found;
  }
}
