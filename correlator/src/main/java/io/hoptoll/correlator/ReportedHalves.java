package io.hoptoll.correlator;

import io.hoptoll.correlator.JoinCounters.Count;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.Exchange.Role;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.HalfHopReport;
import io.hoptoll.model.SidecarSpan;
import org.jspecify.annotations.Nullable;

/**
 * What an agent joined → {@link HalfHop}. Its exchanges were told before and wait in the index;
 * they are claimed as {@link PodJoin} would, so that no other entry gets them and {@link
 * AccessLogLoss} sees them told.
 */
final class ReportedHalves {
  private final ExchangeIndex exchanges;
  private final JoinCounters counters;

  ReportedHalves(ExchangeIndex exchanges, JoinCounters counters) {
    this.exchanges = exchanges;
    this.counters = counters;
  }

  HalfHop half(HalfHopReport r) {
    PodKey pod = r.node().isEmpty() ? PodKey.UNKNOWN : new PodKey(r.node(), r.netns());
    countMissing(r);
    if (pod != PodKey.UNKNOWN) {
      exchanges.logs(pod);
    }
    Exchange downstream = claim(pod, Role.ACCEPT, r.downstream(), r.span());
    if (downstream != null) {
      exchanges.logged(pod, downstream);
    }
    return new HalfHop(
        r.span(),
        pod.node(),
        pod.netns(),
        r.startNanos(),
        claim(pod, Role.CONNECT, r.callingApp(), r.span()),
        downstream,
        claim(pod, Role.CONNECT, r.upstream(), r.span()),
        claim(pod, Role.ACCEPT, r.servingApp(), r.span()),
        r.pool());
  }

  private @Nullable Exchange claim(PodKey pod, Role role, HalfHopReport.End end, SidecarSpan span) {
    if (end instanceof HalfHopReport.Whole whole) {
      return whole.exchange();
    }
    if (!(end instanceof HalfHopReport.Named named)) {
      return null;
    }
    SocketTurns.Turn turn =
        exchanges.told(pod, role, named.connecting(), named.socketId(), named.turn());
    if (turn == null || turn.takenBy != null) {
      counters.add(turn == null ? Count.REPORTED_EXCHANGE_MISSING : Count.EXCHANGE_TAKEN);
      return null;
    }
    turn.takenBy = span;
    return turn.exchange;
  }

  private void countMissing(HalfHopReport r) {
    if (r.node().isEmpty()) {
      counters.add(Count.SPAN_NO_NAMESPACE);
      return;
    }
    if (r.downstream() instanceof HalfHopReport.Absent) {
      counters.add(Count.SPAN_NO_DOWNSTREAM_SOCKET);
    }
    if (r.upstream() instanceof HalfHopReport.Absent && r.span().upstreamLocal().isSet()) {
      counters.add(Count.SPAN_NO_UPSTREAM_SOCKET);
    }
  }
}
