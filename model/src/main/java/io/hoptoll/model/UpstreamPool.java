package io.hoptoll.model;

import java.util.List;

/**
 * What the sockets say of a sidecar's connections to one upstream while a request waited for one.
 * Instants as in {@link Exchange}.
 *
 * @param freeNanos when the connection that the request got ended its previous exchange, {@link
 *     Nanos#UNSET} if it carried none
 * @param connecting SYN to ESTABLISHED of connections to this upstream meanwhile, whichever request
 *     they served in the end
 * @param resets connections to this upstream's port that a reset from there ended meanwhile
 */
public record UpstreamPool(long freeNanos, List<Connecting> connecting, int resets) {
  public static final UpstreamPool UNKNOWN = new UpstreamPool(Nanos.UNSET, List.of(), 0);

  public UpstreamPool {
    connecting = List.copyOf(connecting);
  }

  /** From the first SYN to ESTABLISHED. */
  public record Connecting(long synNanos, long establishedNanos) {}
}
