package io.hoptoll.correlator;

import io.hoptoll.model.Exchange;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Hop;
import io.hoptoll.model.Ledger;
import io.hoptoll.model.Leg;
import io.hoptoll.model.LegKind;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.Party;
import io.hoptoll.model.ResponseFlag;
import io.hoptoll.model.SidecarSpan;
import org.jspecify.annotations.Nullable;

/** Reads one hop's evidence off its exchanges and spans. */
final class EvidenceCollector {
  private EvidenceCollector() {}

  /**
   * @param out sums by ordinal
   */
  static void collect(Hop hop, long[] out) {
    add(out, Evidence.REQUESTS_ON_EDGE, 1);
    HalfHop client = hop.client();
    HalfHop server = hop.server();
    Exchange up = client == null ? null : client.upstream();
    Exchange down = server == null ? null : server.downstream();
    long retransmits = retransmits(up) + retransmits(down);
    add(out, Evidence.RETRANSMITS, retransmits);
    add(out, Evidence.REQUESTS_WITH_RETRANSMITS, retransmits > 0 ? 1 : 0);
    add(out, Evidence.TRANSPORT_WITH_RETRANSMITS, retransmits > 0 ? transport(hop) : 0);
    if (up != null) {
      transport(hop, up, out);
      add(out, Evidence.LAST_RTT_MICROS, server == null ? up.tcp().lastRttMicros() : 0);
    }
    if (server != null && down != null) {
      add(out, Evidence.RESPONSE_BYTES, responseBytes(down, server));
      add(out, Evidence.BUSY_MILLIS, down.tcp().busyMillis());
    }
    if (client != null) {
      ackWait(client.callingApp(), client.downstream(), Evidence.ACK_WAITS_CLIENT_APP, out);
    }
    if (server != null) {
      ackWait(server.servingApp(), server.upstream(), Evidence.ACK_WAITS_SERVER_APP, out);
    }
    outcome(hop.outer().span(), out);
    if (client != null && server != null) {
      alsAlone(client.span().times(), server.span().times(), out);
    }
  }

  /**
   * Of a stream what its sidecar counted: of its bursts the first and last are known, and shared.
   */
  private static long responseBytes(Exchange down, HalfHop server) {
    long counted = server.span().bytes().downstreamSent();
    return down.has(Exchange.SHARED) && Nanos.isSet(counted) ? counted : down.volume().bytesOut();
  }

  /**
   * All time that transport owns; a body too, if a loss held it up; and all behind the caller's
   * sidecar where nobody tells of the server, or of the answer.
   */
  private static long transport(Hop hop) {
    long sum = 0;
    Ledger ledger = hop.ledger();
    for (int i = 0; i < ledger.legCount(); i++) {
      long kinds = ledger.legKinds(i);
      boolean isBehind = hop.server() == null && isBehind(hop.client(), kinds);
      sum += isBehind || Leg.party(kinds) == Party.TRANSPORT ? ledger.legNanos(i) : 0;
    }
    return sum;
  }

  private static boolean isBehind(@Nullable HalfHop client, long kinds) {
    boolean isAsked = (kinds & LegKind.TRANSPORT_REQUEST.bit()) != 0;
    return OutsideRule.isBehindTheSidecar(kinds)
        || isAsked && client != null && client.isUnanswered();
  }

  private static void transport(Hop hop, Exchange up, long[] out) {
    add(out, Evidence.MIN_RTT_MICROS, up.tcp().minRttMicros());
    boolean waitedForSyn = hop.ledger().nanosOf(LegKind.TRANSPORT_CONNECT) > 0;
    add(out, Evidence.CONNECTIONS_OPENED, waitedForSyn ? 1 : 0);
    add(out, Evidence.SYN_RETRANSMITS, waitedForSyn ? up.opening().synRetransmits() : 0);
  }

  private static void ackWait(
      @Nullable Exchange sender, @Nullable Exchange receiver, Evidence whose, long[] out) {
    if (sender != null && DelayedAck.heldNanos(sender, receiver) > 0) {
      add(out, whose, 1);
      add(out, Evidence.ACK_WAITS_WRITES, sender.volume().sends());
    }
  }

  private static void outcome(SidecarSpan span, long[] out) {
    SidecarSpan.Outcome o = span.outcome();
    boolean injected = o.has(ResponseFlag.DI) || o.has(ResponseFlag.FI);
    add(out, Evidence.FAULT_INJECTED, injected ? 1 : 0);
    add(out, Evidence.ERRORS, span.isError() ? 1 : 0);
    add(out, Evidence.RETRIED, o.attempts() > 1 ? 1 : 0);
  }

  private static long retransmits(@Nullable Exchange e) {
    return e == null ? 0 : e.tcp().retransmits();
  }

  /**
   * The usual arithmetic with access logs only: the client's wait less the server's duration is
   * called transport, though it contains both sidecars' queues.
   */
  private static void alsAlone(SidecarSpan.Times c, SidecarSpan.Times s, long[] out) {
    long wait = minus(c.firstUpstreamRxNanos(), c.firstUpstreamTxNanos());
    long inServer = minus(s.firstDownstreamTxNanos(), 0);
    long app = minus(s.firstUpstreamRxNanos(), s.firstUpstreamTxNanos());
    if (wait < 0 || inServer < 0) {
      return;
    }
    long whole = Nanos.isSet(c.durationNanos()) ? c.durationNanos() : wait;
    add(out, Evidence.ALS_CLIENT_SIDECAR, Math.max(0, whole - wait));
    add(out, Evidence.ALS_TRANSPORT, Math.max(0, wait - inServer));
    add(out, Evidence.ALS_SERVER_SIDECAR, Math.max(0, inServer - Math.max(0, app)));
    add(out, Evidence.ALS_SERVER_APP, Math.max(0, app));
  }

  private static void add(long[] out, Evidence evidence, long amount) {
    out[evidence.ordinal()] += amount;
  }

  private static long minus(long a, long b) {
    return Nanos.isSet(a) && Nanos.isSet(b) ? a - b : -1;
  }
}
