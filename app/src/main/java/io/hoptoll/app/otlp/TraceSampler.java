package io.hoptoll.app.otlp;

import io.hoptoll.app.watch.PathState;
import io.hoptoll.correlator.FinishedRequest;
import io.opentelemetry.api.trace.SpanContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Which requests' legs are sent: errors, those slower than their path's p99 of late, and a share of
 * the rest chosen by trace id, so that every hop and every Hoptoll chooses alike; a bounded number
 * a second. One thread asks, another brings the quantiles.
 */
final class TraceSampler {
  /** Why a request is sent, or is not. */
  enum Choice {
    SENT,
    /** No hop carries a trace context that is valid. */
    NO_TRACE,
    /** The user's own tracing left this one out: legs would have no parent. */
    NOT_SAMPLED_BY_APP,
    /** Neither slow nor wrong, nor chosen. */
    ORDINARY,
    /** More than {@code otlp.tracesPerSecond}. */
    OVER_LIMIT
  }

  private final double share;
  private final int perSecond;
  private final LongSupplier nanoTime;
  private volatile Map<String, Double> slowNanos = Map.of();
  private long second = Long.MIN_VALUE;
  private int sentThisSecond;

  TraceSampler(double share, int perSecond, LongSupplier nanoTime) {
    this.share = share;
    this.perSecond = perSecond;
    this.nanoTime = nanoTime;
  }

  /** What slow means from now on, by path. */
  void paths(List<PathState> states) {
    Map<String, Double> slow = new HashMap<>();
    states.forEach(s -> slow.put(s.verdict().path(), s.verdict().totals().p99Nanos()));
    slowNanos = Map.copyOf(slow);
  }

  Choice choose(FinishedRequest request, SpanContext trace) {
    if (!trace.isValid()) {
      return Choice.NO_TRACE;
    }
    if (!trace.isSampled()) {
      return Choice.NOT_SAMPLED_BY_APP;
    }
    if (!isNotable(request) && !isInShare(trace)) {
      return Choice.ORDINARY;
    }
    return takeOne() ? Choice.SENT : Choice.OVER_LIMIT;
  }

  private boolean isNotable(FinishedRequest request) {
    Double slow = slowNanos.get(request.path());
    return request.root().hop().outer().span().isError()
        || slow != null && slow > 0 && request.totalNanos() >= slow;
  }

  /** The id's low 56 bits are random in W3C's level 2; one part of that range is kept. */
  private boolean isInShare(SpanContext trace) {
    long random = Long.parseLong(trace.getTraceId().substring(18), 16);
    return random < share * (1L << 56);
  }

  private boolean takeOne() {
    long now = TimeUnit.NANOSECONDS.toSeconds(nanoTime.getAsLong());
    if (now != second) {
      second = now;
      sentThisSecond = 0;
    }
    return sentThisSecond < perSecond && ++sentThisSecond > 0;
  }
}
