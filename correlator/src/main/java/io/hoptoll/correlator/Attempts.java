package io.hoptoll.correlator;

import io.hoptoll.correlator.JoinCounters.Count;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.SidecarSpan;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/**
 * Retried and hedged requests, and the entries that other attempts of theirs may have left at
 * servers. A request is held until these should have come, and as long as one has come that is
 * still waiting for its sockets.
 */
final class Attempts {
  /**
   * A retried request that waits for the entries of its other attempts.
   *
   * @param server of its last attempt
   * @param arrivedNanos when the later of the two came
   */
  record Retried(HalfHop client, HalfHop server, long arrivedNanos, long dueNanos) {}

  /** A retried request, known before its half is joined. */
  private record Retrier(SidecarSpan span, long untilNanos) {}

  private final Deque<Retried> retried = new ArrayDeque<>();

  /** Those that are due, but of which an attempt is still waiting for its sockets. */
  private final Deque<Retried> overdue = new ArrayDeque<>();

  /** All that came lately, also those emitted: an attempt may be theirs. */
  private final Deque<Retrier> retriers = new ArrayDeque<>();

  /** Entries that have come and whose half has not, by request and calling pod. */
  private final PendingIds unjoined = new PendingIds(Limits.SPANS_WAITING);

  private final HalvesWaiting waiting;
  private final JoinCounters counters;

  Attempts(HalvesWaiting waiting, JoinCounters counters) {
    this.waiting = waiting;
    this.counters = counters;
  }

  /** Every span, as it comes in: that it was retried must be known before an attempt is given. */
  void span(SidecarSpan span, long nowNanos) {
    if (span.kind() == SidecarSpan.Kind.END && span.requestHash() != 0) {
      unjoined.add(PendingIds.key(span.requestHash(), callerOf(span)));
    }
    if (isRetried(span)) {
      retriers.addLast(new Retrier(span, nowNanos + 3 * Limits.HALF_WAIT_NANOS));
      if (retriers.size() > Limits.HALVES_WAITING) {
        retriers.removeFirst();
      }
    }
  }

  /** Its sockets are found, or are not to be had. */
  void half(HalfHop half) {
    unjoined.take(PendingIds.key(half.span().requestHash(), callerOf(half.span())));
  }

  private static int callerOf(SidecarSpan span) {
    return span.downstreamDirectRemote().hostHash();
  }

  void hold(HalfHop client, HalfHop server, long arrivedNanos, long nowNanos) {
    long due = nowNanos + Limits.ATTEMPT_WAIT_NANOS;
    retried.addLast(new Retried(client, server, arrivedNanos, due));
  }

  /** Gives back the requests that have waited long enough. */
  void tick(long nowNanos, Consumer<Retried> out) {
    unjoined.tick(nowNanos);
    for (int n = overdue.size(); n > 0; n--) {
      emit(overdue.removeFirst(), nowNanos, out);
    }
    while (!retried.isEmpty() && retried.peekFirst().dueNanos() <= nowNanos) {
      emit(retried.removeFirst(), nowNanos, out);
    }
    while (!retriers.isEmpty() && retriers.peekFirst().untilNanos() <= nowNanos) {
      retriers.removeFirst();
    }
  }

  private void emit(Retried r, long nowNanos, Consumer<Retried> out) {
    SidecarSpan span = r.client().span();
    int caller = span.upstreamLocal().hostHash();
    boolean isLate = nowNanos - r.dueNanos() >= Limits.SPAN_WAIT_NANOS;
    if (unjoined.has(PendingIds.key(span.requestHash(), caller)) && !isLate) {
      overdue.addLast(r);
    } else {
      out.accept(r);
    }
  }

  /**
   * Waiting server halves of the same request that lie within its span, in order; taken. They are
   * nobody's where another retried request of the same id could own one as well, or where there are
   * more than the request says it made: then one is of a request that is still under way.
   */
  List<HalfHop> others(HalfHop client) {
    if (!isRetried(client.span())) {
      return List.of();
    }
    List<WaitingHalf> mine =
        waiting.serversOf(client.span().requestHash()).stream()
            .filter(w -> HopMatch.mayOwn(client, w.half))
            .toList();
    boolean tooMany = mine.size() >= client.span().outcome().attempts();
    List<HalfHop> found = new ArrayList<>();
    for (WaitingHalf w : mine) {
      waiting.take(w);
      if (tooMany || owners(w.half) > 1) {
        counters.add(Count.ATTEMPTS_AMBIGUOUS);
      } else {
        counters.add(Count.ATTEMPTS_ATTACHED);
        found.add(w.half);
      }
    }
    found.sort(Comparator.comparingLong(HalfHop::startNanos));
    return found;
  }

  private long owners(HalfHop attempt) {
    return retriers.stream().filter(r -> HopMatch.mayOwn(r.span(), attempt.span())).count();
  }

  static boolean isRetried(SidecarSpan span) {
    return span.outcome().attempts() > 1;
  }
}
