package io.hoptoll.correlator;

import io.hoptoll.model.Endpoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Half hops that wait, by connection, by request id, and by age. */
final class HalvesWaiting {
  /** Both kinds of halves that wait on one connection. */
  static final class Lane {
    final List<WaitingHalf> clients = new ArrayList<>(1);
    final List<WaitingHalf> servers = new ArrayList<>(1);
  }

  private final Map<Endpoint, Lane> lanes = new HashMap<>();
  private final Map<String, List<WaitingHalf>> serversById = new HashMap<>();

  /** All, linked by age; one that is joined leaves at once, with what it holds. */
  private @Nullable WaitingHalf oldest;

  private @Nullable WaitingHalf youngest;
  private int size;

  int size() {
    return size;
  }

  @Nullable WaitingHalf oldest() {
    return oldest;
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
    link(w);
    if (w.side.mayBeServer() && !w.requestId().isEmpty()) {
      serversById.computeIfAbsent(w.requestId(), k -> new ArrayList<>(1)).add(w);
    }
  }

  void take(WaitingHalf w) {
    w.done = true;
    unlink(w);
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

  private void link(WaitingHalf w) {
    w.older = youngest;
    if (youngest == null) {
      oldest = w;
    } else {
      youngest.younger = w;
    }
    youngest = w;
    size++;
  }

  private void unlink(WaitingHalf w) {
    if (w.older == null && w != oldest) {
      return; // it never waited, or has left
    }
    if (w.older == null) {
      oldest = w.younger;
    } else {
      w.older.younger = w.younger;
    }
    if (w.younger == null) {
      youngest = w.older;
    } else {
      w.younger.older = w.older;
    }
    w.older = null;
    w.younger = null;
    size--;
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
