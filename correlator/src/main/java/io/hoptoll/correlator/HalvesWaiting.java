package io.hoptoll.correlator;

import io.hoptoll.model.Endpoint;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Half hops that wait, by connection, by request id, and by age. */
final class HalvesWaiting {
  /** Both kinds of halves that wait on one connection. */
  static final class Lane {
    final HalfList clients = new HalfList();
    final HalfList servers = new HalfList();

    boolean isEmpty() {
      return clients.isEmpty() && servers.isEmpty();
    }
  }

  /** Connections are used again, so a lane stays when it is empty ({@link Limits#LANES_KEPT}). */
  private final Map<Endpoint, Lane> lanes = new HashMap<>();

  private final HalvesById serversById = new HalvesById();

  /** One that is joined leaves at once, with what it holds. */
  private final AgeList<WaitingHalf> all = new AgeList<>();

  /** Those that wait on, for a partner that is known to log and may still be waiting itself. */
  private final AgeList<WaitingHalf> patient = new AgeList<>();

  private int lanesUntilCleared = Limits.LANES_KEPT;
  private final HopJoin.Patience patience;

  HalvesWaiting(HopJoin.Patience patience) {
    this.patience = patience;
  }

  int size() {
    return all.size() + patient.size();
  }

  /** Of those that do not wait on. */
  @Nullable WaitingHalf oldest() {
    return all.oldest();
  }

  @Nullable WaitingHalf oldestPatient() {
    return patient.oldest();
  }

  /** It has waited as long as most do, and stays. */
  void waitOn(WaitingHalf w) {
    all.remove(w);
    w.isPatient = true;
    patient.add(w);
    patience.late(w.half.span());
  }

  /** The halves on a connection, by its connecting end. */
  @Nullable Lane on(Endpoint connection) {
    return connection.isSet() ? lanes.get(connection) : null;
  }

  /** Waiting halves that may be servers' and carry this id, in the order in which they came. */
  List<WaitingHalf> serversOf(long requestHash) {
    return serversById.of(requestHash);
  }

  void add(WaitingHalf w) {
    if (w.upstreamKey().isSet()) {
      w.clients = lane(w.upstreamKey()).clients;
      w.clients.add(w);
    }
    if (w.downstreamKey().isSet()) {
      w.servers = lane(w.downstreamKey()).servers;
      w.servers.add(w);
    }
    all.add(w);
    if (w.side.mayBeServer()) {
      serversById.add(w);
    }
  }

  void take(WaitingHalf w) {
    w.done = true;
    if (w.isPatient) {
      patient.remove(w);
      patience.lateNoMore(w.half.span());
    } else {
      all.remove(w);
    }
    leave(w.clients, w);
    leave(w.servers, w);
    if (w.side.mayBeServer()) {
      serversById.take(w);
    }
  }

  private Lane lane(Endpoint key) {
    Lane known = lanes.get(key);
    if (known != null) {
      return known;
    }
    if (lanes.size() >= lanesUntilCleared) {
      lanes.values().removeIf(Lane::isEmpty);
      lanesUntilCleared = Math.max(Limits.LANES_KEPT, 2 * lanes.size());
    }
    Lane added = new Lane();
    lanes.put(key, added);
    return added;
  }

  private static void leave(@Nullable HalfList halves, WaitingHalf w) {
    if (halves != null) {
      halves.take(w);
    }
  }
}
