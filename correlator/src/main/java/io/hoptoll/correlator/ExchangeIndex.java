package io.hoptoll.correlator;

import io.hoptoll.correlator.JoinCounters.Count;
import io.hoptoll.model.Endpoint;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.Exchange.Role;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.PortRewrite;
import io.hoptoll.model.SocketTuple;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Exchanges waiting for their spans, by pod and by the endpoint that ALS can name: a connecting
 * socket by its local end (ephemeral, unique in the pod), an accepted socket by its remote end.
 */
final class ExchangeIndex {
  private record Key(PodKey pod, Role role, Endpoint endpoint) {
    // By hand: looked up a dozen times a span, and a record's own two are several times slower.
    @Override
    public boolean equals(@Nullable Object o) {
      return o instanceof Key k
          && role == k.role
          && endpoint.equals(k.endpoint)
          && pod.equals(k.pod);
    }

    @Override
    public int hashCode() {
      return (31 * endpoint.hashCode() + pod.hashCode()) * 3 + role.ordinal();
    }
  }

  /** An exchange that waits. */
  private static final class Arrival {
    final Key key;
    final SocketTurns.Turn turn;
    final long atNanos;

    /** Where it is linked by the address it called, and its neighbours there. */
    @Nullable Called called;

    @Nullable Arrival before;
    @Nullable Arrival after;

    Arrival(Key key, SocketTurns.Turn turn, long atNanos) {
      this.key = key;
      this.turn = turn;
      this.atNanos = atNanos;
    }
  }

  /** All that called one address, in the order of arrival: linked, since each comes and goes. */
  private static final class Called {
    final Key destination;
    @Nullable Arrival first;
    @Nullable Arrival last;

    Called(Key destination) {
      this.destination = destination;
    }

    void add(Arrival a) {
      a.called = this;
      a.before = last;
      if (last == null) {
        first = a;
      } else {
        last.after = a;
      }
      last = a;
    }

    void remove(Arrival a) {
      if (a.before == null) {
        first = a.after;
      } else {
        a.before.after = a.after;
      }
      if (a.after == null) {
        last = a.before;
      } else {
        a.after.before = a.before;
      }
      a.called = null;
      a.before = null;
      a.after = null;
    }
  }

  private final Map<Key, SocketTurns> sockets = new HashMap<>();

  /** Exchanges of connecting sockets by the address they called, for each of its ports. */
  private final Map<Key, Called> called = new HashMap<>();

  private final Rewrites rewrites = new Rewrites();

  /** Pods of which entries have come lately. */
  private final Set<PodKey> logging = new LatestKeys<>(Limits.NAMESPACES);

  private final Room mesh;

  /** Of all others: a busy pod beside the mesh must not push out what entries will ask for. */
  private final Room others;

  private final JoinCounters counters;
  private final AccessLogLoss loss;

  /**
   * @param unclaimedKept for TCP connections whose entry comes late
   */
  ExchangeIndex(JoinCounters counters, AccessLogLoss loss, int unclaimedKept) {
    this.counters = counters;
    this.loss = loss;
    this.mesh = new Room(Limits.EXCHANGES, unclaimedKept);
    this.others =
        new Room(Limits.EXCHANGES_OF_OTHERS, Math.min(unclaimedKept, Limits.UNCLAIMED_OF_OTHERS));
  }

  void add(Exchange exchange, long nowNanos) {
    Key key = key(exchange);
    SocketTurns.Turn added = sockets.computeIfAbsent(key, k -> new SocketTurns()).put(exchange);
    if (added == null) {
      return;
    }
    Arrival arrival = new Arrival(key, added, nowNanos);
    if (exchange.role() == Role.CONNECT) {
      called.computeIfAbsent(destination(exchange, key), Called::new).add(arrival);
    }
    (logging.contains(key.pod()) ? mesh : others).add(arrival);
  }

  /** An entry of the pod has come. */
  void logs(PodKey pod) {
    logging.add(pod);
  }

  @Nullable SocketTurns connecting(PodKey pod, Endpoint local) {
    return sockets.get(new Key(pod, Role.CONNECT, local));
  }

  /**
   * What was told under these numbers.
   *
   * @param connecting the connecting side's end
   */
  SocketTurns.@Nullable Turn told(
      PodKey pod, Role role, Endpoint connecting, long socketId, int turn) {
    SocketTurns turns = sockets.get(new Key(pod, role, connecting));
    return turns == null ? null : turns.of(socketId, turn);
  }

  void rewrite(PortRewrite r) {
    rewrites.add(r);
  }

  /** The sockets that called this accepted one: by the peer's port, unless NAT replaced that. */
  @Nullable SocketTurns calling(PodKey pod, Endpoint peer, Exchange accepted) {
    SocketTuple original = rewrites.original(pod, peer, accepted.socketId());
    return connecting(pod, original == null ? peer : original.local());
  }

  /** Whether NAT told that the peer's port is not its own. */
  boolean isRewritten(PodKey pod, Endpoint peer, Exchange accepted) {
    return rewrites.original(pod, peer, accepted.socketId()) != null;
  }

  @Nullable SocketTurns accepted(PodKey pod, Endpoint remote) {
    return sockets.get(new Key(pod, Role.ACCEPT, remote));
  }

  /** An entry has named this accepted socket; of one that carries streams a turn is no request. */
  void logged(PodKey pod, Exchange exchange) {
    if (exchange.has(Exchange.SHARED)) {
      return;
    }
    SocketTurns turns = accepted(pod, exchange.tuple().remote());
    if (turns != null) {
      turns.logged(exchange.socketId());
    }
  }

  /** The latest exchanges of the pod's sockets with this address that no span has taken. */
  List<SocketTurns.Turn> calling(PodKey pod, Endpoint destination) {
    Called all = called.get(new Key(pod, Role.CONNECT, destination));
    List<SocketTurns.Turn> free = new ArrayList<>();
    int looked = 0;
    for (Arrival a = all == null ? null : all.last;
        a != null && looked < Limits.CALLS_LOOKED_AT;
        a = a.before) {
      looked++;
      if (a.turn.takenBy == null) {
        free.add(a.turn);
      }
    }
    Collections.reverse(free);
    return free;
  }

  /** Forgets exchanges that have waited long enough. */
  void expire(long nowNanos) {
    mesh.expire(nowNanos);
    others.expire(nowNanos);
  }

  int size() {
    return mesh.size() + others.size();
  }

  /** Exchanges in the order of arrival, with a bound of its own. */
  private final class Room {
    private final Deque<Arrival> arrivals = new ArrayDeque<>();

    /** Answered, and no entry has asked for them: a TCP connection's may come at its end only. */
    private final Deque<Arrival> unclaimed = new ArrayDeque<>();

    private final int bound;
    private final int unclaimedBound;

    Room(int bound, int unclaimedBound) {
      this.bound = bound;
      this.unclaimedBound = unclaimedBound;
    }

    int size() {
      return arrivals.size() + unclaimed.size();
    }

    void add(Arrival arrival) {
      arrivals.addLast(arrival);
      if (arrivals.size() > bound) {
        drop(arrivals.removeFirst());
        counters.add(Count.DROPPED_EXCHANGES);
      }
    }

    void expire(long nowNanos) {
      while (!arrivals.isEmpty()
          && nowNanos - arrivals.peekFirst().atNanos > Limits.EXCHANGE_WAIT_NANOS) {
        retire(arrivals.removeFirst());
      }
      while (!unclaimed.isEmpty()
          && nowNanos - unclaimed.peekFirst().atNanos > Limits.UNCLAIMED_WAIT_NANOS) {
        forget(unclaimed.removeFirst());
      }
    }

    private void retire(Arrival arrival) {
      SocketTurns turns = sockets.get(arrival.key);
      if (turns != null && isWhole(arrival.turn.exchange)) {
        loss.waited(arrival.key.pod(), arrival.turn, turns);
      }
      if (arrival.turn.takenBy != null || !isWhole(arrival.turn.exchange)) {
        drop(arrival);
        return;
      }
      unclaimed.addLast(arrival);
      if (unclaimed.size() > unclaimedBound) {
        forget(unclaimed.removeFirst());
      }
    }

    private void forget(Arrival arrival) {
      counters.add(Count.EXCHANGES_UNCLAIMED, arrival.turn.takenBy == null ? 1 : 0);
      drop(arrival);
    }
  }

  private static boolean isWhole(Exchange e) {
    return Nanos.isSet(e.marks().sendFirstNanos())
        && Nanos.isSet(e.marks().readFirstNanos())
        && !e.has(Exchange.MULTIPLEXED);
  }

  private void drop(Arrival arrival) {
    Called same = arrival.called;
    if (same != null) {
      same.remove(arrival);
      if (same.first == null) {
        called.remove(same.destination);
      }
    }
    SocketTurns turns = sockets.get(arrival.key);
    if (turns != null) {
      turns.remove(arrival.turn);
      if (turns.isEmpty()) {
        sockets.remove(arrival.key);
      }
    }
  }

  private static Key destination(Exchange e, Key own) {
    return new Key(own.pod(), Role.CONNECT, e.tuple().remote());
  }

  private static Key key(Exchange e) {
    boolean connecting = e.role() == Role.CONNECT;
    return new Key(
        new PodKey(e.node(), e.netns()),
        connecting ? Role.CONNECT : Role.ACCEPT,
        connecting ? e.tuple().local() : e.tuple().remote());
  }
}
