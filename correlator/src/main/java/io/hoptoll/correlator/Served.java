package io.hoptoll.correlator;

import io.hoptoll.model.Exchange;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Hop;
import io.hoptoll.model.Nanos;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request in service in a pod: what is asked of it when the parent of a call is looked for. It
 * is remembered longer than its hop, and without it. Times on the pod's clock, which all its calls
 * share; their callers' differ.
 */
final class Served {
  final PodKey pod;
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

  /** When its hop came. */
  final long arrivedNanos;

  /** Null once it is emitted. */
  @Nullable WaitingHop hop;

  /** The attempt that a retry or a hedge took the place of; null: it is of the hop's server. */
  final @Nullable HalfHop attempt;

  private Served(Hop hop, HalfHop server, WaitingHop waiting, PodKeys pods) {
    this.attempt = server == hop.server() ? null : server;
    this.pod = pods.serverOf(server);
    this.request = CallName.request(this, hop, pod);
    this.trace = CallName.trace(this, hop, pod);
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
   * By the hop's server, if that is known, and by those of its earlier attempts: what they called
   * is the request's as well.
   */
  static List<Served> by(WaitingHop w, PodKeys pods) {
    Hop hop = w.node.hop();
    HalfHop server = hop.server();
    List<Served> own = server == null ? List.of() : List.of(new Served(hop, server, w, pods));
    if (hop.attempts().isEmpty()) {
      return own; // most
    }
    List<Served> all = new ArrayList<>(own);
    hop.attempts().forEach(attempt -> all.add(new Served(hop, attempt, w, pods)));
    return all;
  }

  boolean isAppSeen() {
    return app != null;
  }

  boolean servesAt(long nanos) {
    return fromNanos <= nanos && nanos <= endNanos;
  }

  boolean contains(PathNode child) {
    return child.startNanos() >= fromNanos && child.endNanos() <= answeredNanos;
  }
}
