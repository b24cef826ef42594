package io.hoptoll.correlator;

import io.hoptoll.model.HalfHop;
import org.jspecify.annotations.Nullable;

/** A hop on its way into a request's tree. */
final class WaitingHop extends AgeList.Aged<WaitingHop> {
  final PathNode node;
  final long arrivedNanos;

  /** The pod that made this call; null: its client is not known. */
  final @Nullable PodKey caller;

  /** How its parent would be named, by the request's id and by the trace's. */
  final @Nullable CallName<WaitingHop> request;

  final @Nullable CallName<WaitingHop> trace;

  /** What its own server served; null: its server is not known. */
  final @Nullable Served served;

  /** How many of its entries carry a request id, which then is the same, and its key. */
  final int entries;

  final long id;

  /** The hop that caused it, once that is known. */
  @Nullable WaitingHop parent;

  /** Whether it waits among the {@link Orphans}. */
  boolean isOrphan;

  WaitingHop(PathNode node, long arrivedNanos, PodKeys pods) {
    this.node = node;
    this.arrivedNanos = arrivedNanos;
    HalfHop client = node.hop().client();
    this.caller = client == null ? null : pods.callerOf(client);
    this.request = caller == null ? null : CallName.request(this, node.hop(), caller);
    this.trace = caller == null ? null : CallName.trace(this, node.hop(), caller);
    this.served = Served.by(this, pods);
    node.served = served;
    HalfHop server = node.hop().server();
    String requestId = idOf(client).isEmpty() ? idOf(server) : idOf(client);
    int named = (idOf(client).isEmpty() ? 0 : 1) + (idOf(server).isEmpty() ? 0 : 1);
    for (HalfHop attempt : node.hop().attempts()) {
      named += idOf(attempt).isEmpty() ? 0 : 1;
    }
    this.entries = named;
    this.id = named == 0 ? 0 : PendingIds.key(requestId, 0);
  }

  private static String idOf(@Nullable HalfHop half) {
    return half == null ? "" : half.span().requestId();
  }

  /** Whether it is this one's, or its parent's, or so on. */
  boolean isWithin(WaitingHop other) {
    WaitingHop at = this;
    while (at != null && at != other) {
      at = at.parent;
    }
    return at == other;
  }
}
