package io.hoptoll.correlator.pods;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.hoptoll.model.Endpoint;
import io.hoptoll.model.Exchange.Role;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.SocketTuple;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who holds which end of a connection inside a pod. Both ends name the client's address and port: a
 * redirect to the sidecar changes only where the client thinks it connects to.
 */
final class Ends {
  private record Key(PodRef pod, Role role, Endpoint client) {
    // By hand: looked up for every exchange, and a record's own two are several times slower.
    @Override
    public boolean equals(@Nullable Object o) {
      return o instanceof Key k && role == k.role && client.equals(k.client) && pod.equals(k.pod);
    }

    @Override
    public int hashCode() {
      return (31 * client.hashCode() + pod.hashCode()) * 3 + role.ordinal();
    }
  }

  private record Holder(ProcessRef process, long socketId, long closedNanos) {}

  private final Cache<Key, Holder> holders =
      Caffeine.newBuilder().maximumSize(Limits.ENDS).executor(Runnable::run).build();

  /**
   * @param closedNanos when this end closed, {@link Nanos#UNSET} while it is open
   */
  void holds(
      PodRef pod,
      Role role,
      SocketTuple tuple,
      ProcessRef process,
      long socketId,
      long closedNanos) {
    Key key = new Key(pod, role, client(role, tuple));
    Holder known = holders.getIfPresent(key);
    boolean same =
        known != null
            && known.socketId == socketId
            && known.closedNanos == closedNanos
            && known.process.equals(process);
    if (!same) { // a socket's first report, and its last
      holders.put(key, new Holder(process, socketId, closedNanos));
    }
  }

  /**
   * The socket in this pod that was to receive a packet, or where there is none that sent it; 0:
   * neither is known.
   */
  long socketOf(PodRef pod, Endpoint source, Endpoint destination) {
    for (Key key :
        List.of(
            new Key(pod, Role.ACCEPT, source), // the receiver, where a client sent it
            new Key(pod, Role.CONNECT, destination), // and where a server did
            new Key(pod, Role.CONNECT, source),
            new Key(pod, Role.ACCEPT, destination))) {
      Holder holder = holders.getIfPresent(key);
      if (holder != null) {
        return holder.socketId;
      }
    }
    return 0;
  }

  /**
   * The process at the other end in the same pod; null: it is outside, or not heard of yet.
   *
   * @param establishedNanos of this end: a holder that closed before had the port earlier
   */
  @Nullable ProcessRef otherEnd(PodRef pod, Role role, SocketTuple tuple, long establishedNanos) {
    Role other = role == Role.CONNECT ? Role.ACCEPT : Role.CONNECT;
    Holder holder = holders.getIfPresent(new Key(pod, other, client(role, tuple)));
    boolean isEarlier =
        holder != null
            && Nanos.isSet(holder.closedNanos)
            && Nanos.isSet(establishedNanos)
            && holder.closedNanos < establishedNanos;
    return holder == null || isEarlier ? null : holder.process;
  }

  /** The same of the present: a holder that closed had the port earlier. */
  @Nullable ProcessRef openOtherEnd(PodRef pod, Role role, SocketTuple tuple) {
    return otherEnd(pod, role, tuple, Long.MAX_VALUE);
  }

  private static Endpoint client(Role role, SocketTuple tuple) {
    return role == Role.CONNECT ? tuple.local() : tuple.remote();
  }
}
