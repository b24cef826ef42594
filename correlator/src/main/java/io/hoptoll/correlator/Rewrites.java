package io.hoptoll.correlator;

import io.hoptoll.model.Endpoint;
import io.hoptoll.model.Latest;
import io.hoptoll.model.PortRewrite;
import io.hoptoll.model.SocketTuple;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Source ports that NAT replaced, as the nodes' connection tracking tells them. */
final class Rewrites {
  private record Key(PodKey pod, Endpoint seen) {}

  private record Told(long socketId, SocketTuple original) {}

  /** The longest unused go first. */
  private final Map<Key, Told> told = Latest.used(Limits.REWRITES);

  void add(PortRewrite r) {
    told.put(
        new Key(new PodKey(r.node(), r.netns()), r.accepted().remote()),
        new Told(r.socketId(), r.original()));
  }

  /**
   * The connection as the app's own socket names it; null where nobody rewrote it.
   *
   * @param seen the app's end to the sidecar
   * @param accepted the sidecar's socket: the port may have been another connection's before
   */
  @Nullable SocketTuple original(PodKey pod, Endpoint seen, long accepted) {
    Told found = told.isEmpty() ? null : told.get(new Key(pod, seen));
    return found == null || found.socketId != accepted ? null : found.original;
  }
}
