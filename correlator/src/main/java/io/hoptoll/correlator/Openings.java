package io.hoptoll.correlator;

import io.hoptoll.model.Endpoint;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.Exchange.Role;
import io.hoptoll.model.Latest;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.UpstreamPool.Connecting;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/**
 * When each pod was busy connecting to an upstream. A pool gives a request whichever connection is
 * ready first, so a request may have waited for a SYN of a connection that then served another.
 */
final class Openings {
  private record Key(PodKey pod, Endpoint upstream) {}

  private static final int PER_UPSTREAM = 256;

  /** Least recently connected upstreams are forgotten first. */
  private final Map<Key, Deque<Connecting>> openings = Latest.used(Limits.NAMESPACES);

  void add(PodKey pod, Endpoint upstream, Role role, Exchange.Opening o) {
    boolean known = Nanos.isSet(o.synNanos()) && Nanos.isSet(o.establishedNanos());
    if (role != Role.CONNECT || !known) {
      return;
    }
    Connecting opening = new Connecting(o.synNanos(), o.establishedNanos());
    Deque<Connecting> own =
        openings.computeIfAbsent(new Key(pod, upstream), k -> new ArrayDeque<>());
    if (!own.contains(opening)) {
      own.addLast(opening);
    }
    if (own.size() > PER_UPSTREAM) {
      own.removeFirst();
    }
  }

  /** Those that overlap the interval. */
  List<Connecting> during(PodKey pod, Endpoint upstream, long fromNanos, long toNanos) {
    Deque<Connecting> own = openings.get(new Key(pod, upstream));
    if (own == null) {
      return List.of();
    }
    return own.stream()
        .filter(o -> o.synNanos() < toNanos && o.establishedNanos() > fromNanos)
        .toList();
  }
}
