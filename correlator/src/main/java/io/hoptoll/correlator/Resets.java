package io.hoptoll.correlator;

import io.hoptoll.model.Connection;
import io.hoptoll.model.Exchange.Role;
import io.hoptoll.model.Latest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;

/**
 * When each pod's connections to an upstream were ended by a reset from there. By port, not by
 * address: a router makes its next attempt at another endpoint of the same service.
 */
final class Resets {
  private record Key(PodKey pod, int port) {}

  private static final int PER_PORT = 256;

  /** Least recently reset ports are forgotten first. */
  private final Map<Key, Deque<Long>> resets = Latest.used(Limits.NAMESPACES);

  void add(PodKey pod, Connection c) {
    if (c.role() != Role.CONNECT || c.life().end() != Connection.End.RESET_RECEIVED) {
      return;
    }
    Deque<Long> own =
        resets.computeIfAbsent(new Key(pod, c.tuple().remote().port()), k -> new ArrayDeque<>());
    own.addLast(c.closeNanos());
    if (own.size() > PER_PORT) {
      own.removeFirst();
    }
  }

  int during(PodKey pod, int port, long fromNanos, long toNanos) {
    Deque<Long> own = resets.get(new Key(pod, port));
    if (own == null) {
      return 0;
    }
    return (int) own.stream().filter(at -> at > fromNanos && at < toNanos).count();
  }
}
