package io.hoptoll.correlator;

import io.hoptoll.model.Endpoint;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.SidecarSpan;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Retried and hedged requests, and the entries that other attempts of theirs may have left at
 * servers. A request is held until these should have come, and as long as one has come that is
 * still waiting for its sockets.
 */
final class Attempts {
  /** A retried request that waits for the entries of its other attempts; server is its last. */
  private record Retried(HalfHop client, HalfHop server, long dueNanos) {}

  /** A retried request, known before its half is joined. */
  private record Retrier(SidecarSpan span, long untilNanos) {}

  /** What attempts of one request have in common: its id, and the pod that calls. */
  private record Key(String id, Endpoint caller) {}

  /** How far two nodes' wall clocks are expected to differ: NTP keeps them closer. */
  private static final long WALL_SLACK_NANOS = 100 * Nanos.PER_MILLI;

  private final Deque<Retried> retried = new ArrayDeque<>();

  /** Those that are due, but of which an attempt is still waiting for its sockets. */
  private final Deque<Retried> overdue = new ArrayDeque<>();

  /** All that came lately, also those emitted: an attempt may be theirs. */
  private final Deque<Retrier> retriers = new ArrayDeque<>();

  /** Entries that have come and whose half has not; forgotten are the oldest. */
  private final Map<Key, Integer> unjoined =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Integer> eldest) {
          return size() > Limits.SPANS_WAITING;
        }
      };

  /** Every span, as it comes in: that it was retried must be known before an attempt is given. */
  void span(SidecarSpan span, long nowNanos) {
    if (span.kind() == SidecarSpan.Kind.END && !span.request().requestId().isEmpty()) {
      unjoined.merge(served(span), 1, Integer::sum);
    }
    if (span.outcome().attempts() > 1) {
      retriers.addLast(new Retrier(span, nowNanos + 3 * Limits.HALF_WAIT_NANOS));
      if (retriers.size() > Limits.HALVES_WAITING) {
        retriers.removeFirst();
      }
    }
  }

  /** Its sockets are found, or are not to be had. */
  void half(HalfHop half) {
    unjoined.computeIfPresent(served(half.span()), (k, n) -> n > 1 ? n - 1 : null);
  }

  private static Key served(SidecarSpan span) {
    return new Key(span.request().requestId(), span.addresses().downstreamDirectRemote().host());
  }

  void hold(HalfHop client, HalfHop server, long nowNanos) {
    retried.addLast(new Retried(client, server, nowNanos + Limits.ATTEMPT_WAIT_NANOS));
  }

  /** Gives back the requests that have waited long enough. */
  void tick(long nowNanos, BiConsumer<HalfHop, HalfHop> out) {
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

  private void emit(Retried r, long nowNanos, BiConsumer<HalfHop, HalfHop> out) {
    SidecarSpan span = r.client().span();
    Key attempts = new Key(span.request().requestId(), span.addresses().upstreamLocal().host());
    boolean isLate = nowNanos - r.dueNanos() >= Limits.SPAN_WAIT_NANOS;
    if (unjoined.containsKey(attempts) && !isLate) {
      overdue.addLast(r);
    } else {
      out.accept(r.client(), r.server());
    }
  }

  long owners(HalfHop attempt) {
    return retriers.stream().filter(r -> mayOwn(r.span(), attempt.span())).count();
  }

  static boolean mayOwn(HalfHop client, HalfHop attempt) {
    return mayOwn(client.span(), attempt.span())
        && (!HopJoin.sameClock(client, attempt) || within(client, attempt));
  }

  /** By what the two entries say; two nodes' wall clocks may differ by a little. */
  private static boolean mayOwn(SidecarSpan client, SidecarSpan attempt) {
    Endpoint pod = client.addresses().upstreamLocal().host();
    long late = attempt.startWallNanos() - client.startWallNanos();
    return attempt.addresses().downstreamDirectRemote().host().equals(pod)
        && client.request().requestId().equals(attempt.request().requestId())
        && late > -WALL_SLACK_NANOS
        && late < client.times().durationNanos() + WALL_SLACK_NANOS;
  }

  private static boolean within(HalfHop client, HalfHop server) {
    return server.startNanos() >= client.startNanos() && server.startNanos() <= client.endNanos();
  }
}
