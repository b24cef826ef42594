package io.hoptoll.correlator;

import io.hoptoll.model.Exchange;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.SidecarSpan;
import io.hoptoll.model.SidecarSpan.Kind;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A proxied TCP connection that an entry has named, and which of its turns are taken care of. */
final class TcpConnection {
  /** A turn that was answered, since when that is known. */
  record Pending(SocketTurns.Turn turn, long sinceNanos) {}

  private final Deque<Pending> pending = new ArrayDeque<>();
  private SidecarSpan entry;
  private long heardNanos;
  private long endedNanos = Nanos.UNSET;
  private long noticedUntilNanos = Nanos.UNSET;
  private boolean hasToldFailure;

  TcpConnection(SidecarSpan entry, long nowNanos) {
    this.entry = entry;
    heard(entry, nowNanos);
  }

  SidecarSpan entry() {
    return entry;
  }

  /** Another entry of the same: what is known by now, and perhaps its end. */
  void heard(SidecarSpan later, long nowNanos) {
    if (entry.kind() != Kind.END) {
      entry = later;
    }
    heardNanos = nowNanos;
    if (later.kind() == Kind.END && !Nanos.isSet(endedNanos)) {
      endedNanos = nowNanos;
    }
  }

  boolean isSame(SidecarSpan other) {
    String id = entry.streamId();
    return entry.startWallNanos() == other.startWallNanos() && id.equals(other.streamId());
  }

  /** Ended, or not heard of, for that long. */
  boolean isOver(long nowNanos, long endWaitNanos, long silenceNanos) {
    boolean isGone = Nanos.isSet(endedNanos) && nowNanos - endedNanos >= endWaitNanos;
    return isGone || nowNanos - heardNanos >= silenceNanos;
  }

  /** Whether it has failed and that was not told yet; from now on it is. */
  boolean tellsFailure() {
    boolean tells = !hasToldFailure && entry.kind() == Kind.END && TcpSpans.isFailure(entry);
    hasToldFailure |= tells;
    return tells;
  }

  /** Nothing was joined or is about to be. */
  boolean isUnused() {
    return !Nanos.isSet(noticedUntilNanos);
  }

  /**
   * Notes turns that were answered since the last look.
   *
   * @param startNanos when the proxy accepted the connection, at the earliest
   * @param endNanos when it was closed, at the latest
   */
  void notice(@Nullable SocketTurns accepted, long startNanos, long endNanos, long nowNanos) {
    if (accepted == null) {
      return;
    }
    long from = isUnused() ? startNanos : noticedUntilNanos + 1;
    for (SocketTurns.Turn turn : accepted.begunWithin(from, endNanos)) {
      Exchange e = turn.exchange;
      if (turn.takenBy != null) {
        continue;
      }
      if (!TcpTurn.isAnswered(e)) {
        return; // the last one, and not over
      }
      noticedUntilNanos = turn.firstNanos();
      heardNanos = nowNanos;
      pending.addLast(new Pending(turn, nowNanos));
    }
  }

  void settle(Predicate<Pending> isDone) {
    pending.removeIf(isDone);
  }
}
