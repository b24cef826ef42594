package io.hoptoll.correlator;

import io.hoptoll.model.Exchange;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Hop;
import io.hoptoll.model.Leg;
import io.hoptoll.model.LegKind;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.Party;
import io.hoptoll.model.ResponseFlag;
import io.hoptoll.model.SidecarSpan;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/** Reads one hop's evidence off its exchanges and spans. */
final class EvidenceCollector {
  private EvidenceCollector() {}

  static void collect(Hop hop, ObjLongConsumer<Evidence> out) {
    out.accept(Evidence.REQUESTS_ON_EDGE, 1);
    HalfHop client = hop.client();
    HalfHop server = hop.server();
    Exchange up = client == null ? null : client.upstream();
    Exchange down = server == null ? null : server.downstream();
    long retransmits = retransmits(up) + retransmits(down);
    out.accept(Evidence.RETRANSMITS, retransmits);
    out.accept(Evidence.REQUESTS_WITH_RETRANSMITS, retransmits > 0 ? 1 : 0);
    out.accept(Evidence.TRANSPORT_WITH_RETRANSMITS, retransmits > 0 ? transport(hop) : 0);
    if (up != null) {
      transport(hop, up, out);
    }
    if (down != null) {
      out.accept(Evidence.RESPONSE_BYTES, down.volume().bytesOut());
      out.accept(Evidence.BUSY_MILLIS, down.tcp().busyMillis());
    }
    outcome(hop.outer().span(), out);
    if (client != null && server != null) {
      alsAlone(client.span().times(), server.span().times(), out);
    }
  }

  /** All time that transport owns; a body too, if a loss held it up. */
  private static long transport(Hop hop) {
    long sum = 0;
    for (Leg leg : hop.ledger().legs()) {
      sum += leg.party() == Party.TRANSPORT ? leg.nanos() : 0;
    }
    return sum;
  }

  private static void transport(Hop hop, Exchange up, ObjLongConsumer<Evidence> out) {
    out.accept(Evidence.MIN_RTT_MICROS, up.tcp().minRttMicros());
    boolean waitedForSyn = hop.ledger().nanosOf(LegKind.TRANSPORT_CONNECT) > 0;
    out.accept(Evidence.CONNECTIONS_OPENED, waitedForSyn ? 1 : 0);
    out.accept(Evidence.SYN_RETRANSMITS, waitedForSyn ? up.opening().synRetransmits() : 0);
  }

  private static void outcome(SidecarSpan span, ObjLongConsumer<Evidence> out) {
    SidecarSpan.Outcome o = span.outcome();
    boolean injected = o.has(ResponseFlag.DI) || o.has(ResponseFlag.FI);
    out.accept(Evidence.FAULT_INJECTED, injected ? 1 : 0);
    out.accept(Evidence.ERRORS, span.isError() ? 1 : 0);
    out.accept(Evidence.RETRIED, o.attempts() > 1 ? 1 : 0);
  }

  private static long retransmits(@Nullable Exchange e) {
    return e == null ? 0 : e.tcp().retransmits();
  }

  /**
   * The usual arithmetic with access logs only: the client's wait less the server's duration is
   * called transport, though it contains both sidecars' queues.
   */
  private static void alsAlone(
      SidecarSpan.Times c, SidecarSpan.Times s, ObjLongConsumer<Evidence> out) {
    long wait = minus(c.firstUpstreamRxNanos(), c.firstUpstreamTxNanos());
    long inServer = minus(s.firstDownstreamTxNanos(), 0);
    long app = minus(s.firstUpstreamRxNanos(), s.firstUpstreamTxNanos());
    if (wait < 0 || inServer < 0) {
      return;
    }
    long whole = Nanos.isSet(c.durationNanos()) ? c.durationNanos() : wait;
    out.accept(Evidence.ALS_CLIENT_SIDECAR, Math.max(0, whole - wait));
    out.accept(Evidence.ALS_TRANSPORT, Math.max(0, wait - inServer));
    out.accept(Evidence.ALS_SERVER_SIDECAR, Math.max(0, inServer - Math.max(0, app)));
    out.accept(Evidence.ALS_SERVER_APP, Math.max(0, app));
  }

  private static long minus(long a, long b) {
    return Nanos.isSet(a) && Nanos.isSet(b) ? a - b : -1;
  }
}
