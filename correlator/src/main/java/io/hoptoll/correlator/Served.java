package io.hoptoll.correlator;

import io.hoptoll.model.Exchange;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Hop;
import io.hoptoll.model.Nanos;
import org.jspecify.annotations.Nullable;

/**
 * One request in service in a pod: what is asked of it when the parent of a call is looked for. It
 * is remembered longer than its hop, and without it. Times on the pod's clock, which all its calls
 * share; their callers' differ.
 */
final class Served {
  final PodHabits pod;
  final CallName<Served> request;
  final CallName<Served> trace;

  /** The app's first read; where no socket was seen, the sidecar's start. */
  final long fromNanos;

  /** The span's end. */
  final long endNanos;

  /** The app's last write; the span's end where it wrote nothing. */
  final long answeredNanos;

  /** The thread of the app that served; null: its socket was not seen. */
  final Exchange.@Nullable Owner app;

  /** Where it stands in {@link PodHabits#served}. */
  long at;

  /** When its hop came. */
  final long arrivedNanos;

  /** Null once it is emitted. */
  @Nullable WaitingHop hop;

  /** The attempt that a retry or a hedge took the place of; null: it is of the hop's server. */
  final @Nullable HalfHop attempt;

  /** Of the next attempt of the same hop; the hop's server comes first, where it is known. */
  final @Nullable Served next;

  private Served(
      Hop hop, HalfHop server, WaitingHop waiting, KnownPods pods, @Nullable Served next) {
    this.next = next;
    this.attempt = server == hop.server() ? null : server;
    this.pod = pods.serverOf(server);
    this.request = CallName.request(this, hop, pod.key);
    this.trace = CallName.trace(this, hop, pod.key);
    Exchange app = server.servingApp();
    long read = app == null ? Nanos.UNSET : app.marks().readFirstNanos();
    long answered = app == null ? Nanos.UNSET : app.marks().sendLastNanos();
    this.fromNanos = Nanos.isSet(read) ? read : server.startNanos();
    this.endNanos = server.endNanos();
    this.answeredNanos = Nanos.isSet(answered) ? answered : endNanos;
    this.app = app == null ? null : app.owner();
    this.arrivedNanos = waiting.arrivedNanos;
    this.hop = waiting;
  }

  /**
   * By the hop's server, if that is known, and by those of its earlier attempts ({@link #next}):
   * what they called is the request's as well. Null: none is known.
   */
  static @Nullable Served by(WaitingHop w, KnownPods pods) {
    Hop hop = w.node.hop();
    Served first = null;
    for (int i = hop.attempts().size() - 1; i >= 0; i--) {
      first = new Served(hop, hop.attempts().get(i), w, pods, first);
    }
    HalfHop server = hop.server();
    return server == null ? first : new Served(hop, server, w, pods, first);
  }

  boolean isAppSeen() {
    return app != null;
  }

  /** Of it, as {@link RequestTree#namesItsCalls} says. */
  boolean namesItsCalls() {
    boolean findsThem = isAppSeen() || pod.isForwarding;
    boolean names = !request.isNone() && pod.isNaming;
    return !findsThem || names || !pod.isCalling();
  }

  boolean servesAt(long nanos) {
    return fromNanos <= nanos && nanos <= endNanos;
  }

  boolean contains(PathNode child) {
    return child.startNanos() >= fromNanos && child.endNanos() <= answeredNanos;
  }
}
