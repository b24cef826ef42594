package io.hoptoll.correlator;

import io.hoptoll.correlator.JoinCounters.Count;
import io.hoptoll.model.Burst;
import io.hoptoll.model.Endpoint;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.Exchange.Role;
import io.hoptoll.model.SidecarSpan;
import io.hoptoll.model.SidecarSpan.Protocol;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Bursts by pod and by the endpoint that ALS can name (as {@link ExchangeIndex}), and which
 * connections are multiplexed. Connections used longest ago are forgotten first.
 */
final class BurstIndex {
  private record Key(PodKey pod, Role role, Endpoint endpoint) {}

  private final Map<Key, SocketBursts> sockets = new LinkedHashMap<>(64, 0.75f, true);

  /** Connecting ends of connections that carry several requests at once. */
  private final Set<Endpoint> multiplexed = new LinkedHashSet<>();

  /** A pod and whom it called over HTTP/2 when that was last told. */
  private record Pair(Endpoint client, Endpoint server) {}

  private final Set<Pair> multiplexing = new LatestKeys<>(Limits.MULTIPLEXED);
  private final JoinCounters counters;
  private int bursts;

  BurstIndex(JoinCounters counters) {
    this.counters = counters;
  }

  void add(Burst burst) {
    Endpoint endpoint = connectingEnd(burst);
    Role role = burst.role() == Role.CONNECT ? Role.CONNECT : Role.ACCEPT;
    Key key = new Key(new PodKey(burst.node(), burst.netns()), role, endpoint);
    SocketBursts own = sockets.computeIfAbsent(key, k -> new SocketBursts());
    bursts -= own.size();
    counters.add(Count.BURSTS_MISSING, own.add(burst) ? 0 : 1);
    bursts += own.size();
    if (burst.has(Exchange.MULTIPLEXED)) {
      multiplexed(endpoint);
    }
    forgetBeyondBound();
  }

  private static Endpoint connectingEnd(Burst burst) {
    return burst.role() == Role.CONNECT ? burst.tuple().local() : burst.tuple().remote();
  }

  private void forgetBeyondBound() {
    Iterator<SocketBursts> eldest = sockets.values().iterator();
    while (bursts > Limits.BURSTS && eldest.hasNext()) {
      bursts -= eldest.next().size();
      eldest.remove();
    }
  }

  /** What the accepting sidecar says of a connection holds for its connecting end too. */
  void learn(SidecarSpan span) {
    Endpoint connecting = span.downstreamDirectRemote();
    if (span.protocol() == Protocol.HTTP2) {
      multiplexed(connecting);
      multiplexing.add(new Pair(connecting.host(), span.downstreamLocal()));
    } else if (span.protocol() == Protocol.HTTP1) {
      multiplexed.remove(connecting);
      if (!multiplexing.isEmpty()) {
        multiplexing.remove(new Pair(connecting.host(), span.downstreamLocal()));
      }
    }
  }

  /** Learns that the connection from this endpoint carries several requests at once. */
  void multiplexed(Endpoint connecting) {
    if (multiplexed.add(connecting) && multiplexed.size() > Limits.MULTIPLEXED) {
      multiplexed.remove(multiplexed.iterator().next());
    }
  }

  boolean isMultiplexed(Endpoint connecting) {
    return multiplexed.contains(connecting);
  }

  /**
   * Whether others between the two did: inside TLS nothing shows it, and the client's entry of a
   * connection's first request may come before the server's.
   */
  boolean areMultiplexed(Endpoint connecting, Endpoint server) {
    return !multiplexing.isEmpty() && multiplexing.contains(new Pair(connecting.host(), server));
  }

  @Nullable SocketBursts connecting(PodKey pod, Endpoint local) {
    return sockets.get(new Key(pod, Role.CONNECT, local));
  }

  @Nullable SocketBursts accepted(PodKey pod, Endpoint remote) {
    return sockets.get(new Key(pod, Role.ACCEPT, remote));
  }

  int size() {
    return bursts;
  }
}
