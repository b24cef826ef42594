package io.hoptoll.correlator;

import io.hoptoll.model.Endpoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Half hops that wait, by connection, by request id, and by age. */
final class HalvesWaiting {
  /** Both kinds of halves that wait on one connection. */
  static final class Lane {
    final List<WaitingHalf> clients = new ArrayList<>(2);
    final List<WaitingHalf> servers = new ArrayList<>(2);
  }

  private final Map<Endpoint, Lane> lanes = new HashMap<>();
  private final Map<String, List<WaitingHalf>> serversById = new HashMap<>();

  /** Oldest first; one that is joined leaves at once, with what it holds. */
  private final Set<WaitingHalf> arrivals = new LinkedHashSet<>();

  int size() {
    return arrivals.size();
  }

  @Nullable WaitingHalf oldest() {
    return arrivals.isEmpty() ? null : arrivals.iterator().next();
  }

  /** The halves on a connection, by its connecting end. */
  @Nullable Lane on(Endpoint connection) {
    return lanes.get(connection);
  }

  /** Those that may be server halves and bear the id. */
  List<WaitingHalf> serversOf(String requestId) {
    return List.copyOf(serversById.getOrDefault(requestId, List.of()));
  }

  void add(WaitingHalf w) {
    enter(w.upstreamKey(), l -> l.clients.add(w));
    enter(w.downstreamKey(), l -> l.servers.add(w));
    arrivals.add(w);
    if (w.side.mayBeServer() && !w.requestId().isEmpty()) {
      serversById.computeIfAbsent(w.requestId(), k -> new ArrayList<>(2)).add(w);
    }
  }

  void take(WaitingHalf w) {
    w.done = true;
    arrivals.remove(w);
    leave(w.upstreamKey(), w);
    leave(w.downstreamKey(), w);
    List<WaitingHalf> same = w.side.mayBeServer() ? serversById.get(w.requestId()) : null;
    if (same != null) {
      same.remove(w);
      if (same.isEmpty()) {
        serversById.remove(w.requestId());
      }
    }
  }

  private void enter(Endpoint key, Consumer<Lane> entry) {
    if (key.isSet()) {
      entry.accept(lanes.computeIfAbsent(key, k -> new Lane()));
    }
  }

  private void leave(Endpoint key, WaitingHalf w) {
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
}
