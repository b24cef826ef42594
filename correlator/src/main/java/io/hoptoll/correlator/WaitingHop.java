package io.hoptoll.correlator;

import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Hop;
import org.jspecify.annotations.Nullable;

/** A hop on its way into a request's tree. */
final class WaitingHop extends AgeList.Aged<WaitingHop> {
  final PathNode node;
  final long arrivedNanos;

  /** The pod that made this call; null: its client is not known. */
  final @Nullable PodHabits caller;

  /** How its parent would be named, by the request's id and by the trace's; none before that. */
  CallName<WaitingHop> request = CallName.none();

  CallName<WaitingHop> trace = CallName.none();

  /** What its own server served, and those of its earlier attempts; null: none is known. */
  final @Nullable Served served;

  /** The key of the request id that those of its entries carry that have one; 0: none has. */
  final long id;

  /** The hop that caused it, once that is known. */
  @Nullable WaitingHop parent;

  /** Whether it waits among the {@link Orphans}. */
  boolean isOrphan;

  /** It has had its names, if it has any. */
  boolean isNamed;

  /** It will have no parent: its caller never forwards what would tell. */
  boolean isOfNobody;

  /** It has a parent, or its time has come: no answer before its time any more. */
  boolean isSettled;

  /** Where it stands: in {@link LogsWritten} held until then, in {@link Orphans} since then. */
  long at;

  WaitingHop(PathNode node, long arrivedNanos, KnownPods pods) {
    this.node = node;
    this.arrivedNanos = arrivedNanos;
    HalfHop client = node.hop().client();
    this.caller = client == null ? null : pods.callerOf(client);
    this.served = Served.by(this, pods);
    node.served = served;
    long requestId = idOf(client) == 0 ? idOf(node.hop().server()) : idOf(client);
    this.id = entries() == 0 ? 0 : PendingIds.key(requestId, 0);
  }

  /** Whether its app's socket was seen: time may tell its parent. */
  boolean isTimed() {
    HalfHop client = node.hop().client();
    return client != null && client.callingApp() != null;
  }

  /** It may have a parent, which is looked for by these names. */
  void nameParent() {
    isNamed = true;
    if (caller != null) {
      request = CallName.request(this, node.hop(), caller.key);
      trace = CallName.trace(this, node.hop(), caller.key);
    }
  }

  /** How many of its entries carry a request id, which then is the same. */
  int entries() {
    Hop hop = node.hop();
    int named = (idOf(hop.client()) == 0 ? 0 : 1) + (idOf(hop.server()) == 0 ? 0 : 1);
    for (int i = 0; i < hop.attempts().size(); i++) {
      named += idOf(hop.attempts().get(i)) == 0 ? 0 : 1;
    }
    return named;
  }

  private static long idOf(@Nullable HalfHop half) {
    return half == null ? 0 : half.span().requestHash();
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
