package io.hoptoll.correlator;

import io.hoptoll.model.Connection;
import io.hoptoll.model.Endpoint;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.Exchange.Role;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Hop;
import io.hoptoll.model.Latest;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.PacketDrop;
import io.hoptoll.model.SocketTuple;
import io.hoptoll.model.TransportEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the kernels told of losses lately, found again by the sockets of a hop. Sockets, flows and
 * listeners heard of longest ago are forgotten first, and of each the oldest entries.
 */
final class TransportLog {
  /** Listeners and freed packets are told at looks 500 ms apart; with a poll and a busy machine. */
  private static final long LOOK_NANOS = Nanos.PER_SECOND;

  private record Socket(String node, long id) {}

  /** Loopback addresses are of one namespace; others lead through those of routers too. */
  private record Flow(String node, long netns, SocketTuple tuple) {
    static Flow of(String node, long netns, SocketTuple tuple) {
      boolean inside = tuple.local().isLoopback() || tuple.remote().isLoopback();
      return new Flow(node, inside ? netns : 0, tuple);
    }
  }

  private record Listener(String node, long netns, int port) {}

  private final Map<Socket, Deque<TransportEvent>> events = Latest.used(Limits.TROUBLED_SOCKETS);
  private final Map<Flow, Deque<PacketDrop>> drops = Latest.used(Limits.TROUBLED_SOCKETS);
  private final Map<Listener, Deque<TransportEvent>> listeners =
      Latest.used(Limits.TROUBLED_SOCKETS);
  private final ConnectsInVain connecting = new ConnectsInVain();

  /** Of the hop at hand. */
  private final List<Endpoint> waitedFor = new ArrayList<>();

  private final Consumer<Endpoint> waits = waitedFor::add;

  void event(TransportEvent e) {
    if (e.kind() == TransportEvent.Kind.ACCEPT_QUEUE) {
      Listener listener = new Listener(e.node(), e.netns(), e.tuple().local().port());
      add(listeners, listener, e);
    } else {
      add(events, new Socket(e.node(), e.socketId()), e);
      connecting.event(e);
    }
  }

  void connection(Connection c) {
    connecting.connection(c);
  }

  void drop(PacketDrop d) {
    add(drops, Flow.of(d.node(), d.netns(), new SocketTuple(d.source(), d.destination())), d);
  }

  /** Between the pods, and from the server's sidecar to its app, while this hop's turns ran. */
  Troubles of(Hop hop) {
    HalfHop client = hop.client();
    waitedFor.clear();
    long waited = client == null ? 0 : connecting.waitedNanos(client, waits);
    if (events.isEmpty() && drops.isEmpty() && listeners.isEmpty() && waited == 0) {
      return Troubles.NONE;
    }
    Troubles found = new Troubles();
    if (waited > 0) {
      found.unanswered(waited);
      waitedFor.forEach(found::unanswered);
    }
    HalfHop server = hop.server();
    if (client != null) {
      between(client.upstream(), found);
    }
    if (server != null) {
      between(server.downstream(), found);
      toTheApp(server.upstream(), found);
    }
    return found;
  }

  private void between(@Nullable Exchange e, Troubles found) {
    if (e == null) {
      return;
    }
    for (TransportEvent event : of(events, new Socket(e.node(), e.socketId()))) {
      if (event.turn() == e.turn()) {
        found.add(event);
      }
    }
    dropsOf(e, e.tuple(), found);
    dropsOf(e, e.tuple().reversed(), found);
  }

  private void dropsOf(Exchange e, SocketTuple tuple, Troubles found) {
    for (PacketDrop d : of(drops, Flow.of(e.node(), e.netns(), tuple))) {
      if (d.firstNanos() <= e.emitNanos() && d.lastNanos() >= beginNanos(e)) {
        found.add(d);
      }
    }
  }

  private void toTheApp(@Nullable Exchange e, Troubles found) {
    if (e == null || e.role() != Role.CONNECT || e.turn() != 0) {
      return;
    }
    Exchange.Opening o = e.opening();
    if (!Nanos.isSet(o.synNanos()) || !Nanos.isSet(o.establishedNanos())) {
      return;
    }
    Listener listener = new Listener(e.node(), e.netns(), e.tuple().remote().port());
    for (TransportEvent event : of(listeners, listener)) {
      long until = o.establishedNanos() + LOOK_NANOS;
      if (event.atNanos() >= o.synNanos() && event.atNanos() <= until) {
        found.add(event);
      }
    }
  }

  /** A connection's first turn begins with its SYN. */
  private static long beginNanos(Exchange e) {
    if (e.turn() == 0 && Nanos.isSet(e.opening().synNanos())) {
      return e.opening().synNanos();
    }
    return e.role() == Role.CONNECT ? e.marks().sendFirstNanos() : e.marks().readyFirstNanos();
  }

  private static <K, V> void add(Map<K, Deque<V>> map, K key, V value) {
    Deque<V> own = map.computeIfAbsent(key, k -> new ArrayDeque<>());
    own.addLast(value);
    if (own.size() > Limits.TROUBLES_PER_SOCKET) {
      own.removeFirst();
    }
  }

  private static <K, V> Iterable<V> of(Map<K, Deque<V>> map, K key) {
    return map.getOrDefault(key, new ArrayDeque<>());
  }
}
