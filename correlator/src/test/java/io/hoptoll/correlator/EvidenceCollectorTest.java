package io.hoptoll.correlator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.model.Exchange;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Hop;
import io.hoptoll.model.SidecarSpan;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class EvidenceCollectorTest {
  private final World.Truth t = World.steady("id");

  /** A stream's bursts are its first and last, and others' too. */
  @Test
  void theBytesOfAStreamAreTheSidecarsCountThoseOfATurnTheSockets() {
    long counted = t.server().bytes().downstreamSent();
    assertNotEquals(counted, t.e4().volume().bytesOut());
    assertEquals(t.e4().volume().bytesOut(), responseBytes(t.e4()));
    assertEquals(counted, responseBytes(Change.flags(t.e4(), t.e4().flags() | Exchange.SHARED)));
  }

  /** Packets that never arrived: it was sent again and again, and the caller gave up. */
  @Test
  void whatWasSentAgainAndGivenUpWaitedOnTheWay() {
    SidecarSpan.Outcome left = new SidecarSpan.Outcome(0, "downstream_remote_disconnect", 0, "", 1);
    HalfHop given = GivenUpTest.givenUp(Change.client(t), left);
    Exchange up = Objects.requireNonNull(given.upstream());
    HalfHop client =
        Change.half(
            given.span(),
            World.NODE,
            given.callingApp(),
            given.downstream(),
            sentAgain(up),
            null,
            given.pool());
    assertTrue(client.isUnanswered());
    long[] sums = new long[Evidence.values().length];
    LedgerBuilder ledgers = new LedgerBuilder(new JoinCounters());
    Hop hop = new Hop(client, null, List.of(), ledgers.build(client, null, List.of()));
    EvidenceCollector.collect(hop, sums);
    double share =
        (double) sums[Evidence.TRANSPORT_WITH_RETRANSMITS.ordinal()] / hop.ledger().totalNanos();
    assertTrue(share > 0.9, "share " + share);
  }

  private static Exchange sentAgain(Exchange e) {
    return Change.tcp(e, new Exchange.Tcp(30, 30, 30, 5, 5, 0, 0, 900, 0, 0, 1, 0, 1, 6));
  }

  private long responseBytes(Exchange down) {
    HalfHop h = Change.server(t);
    HalfHop server = Change.half(h.span(), World.NODE, null, down, t.e5(), t.e6(), h.pool());
    HalfHop client = Change.client(t);
    LedgerBuilder ledgers = new LedgerBuilder(new JoinCounters());
    long[] sums = new long[Evidence.values().length];
    EvidenceCollector.collect(
        new Hop(client, server, List.of(), ledgers.build(client, server, List.of())), sums);
    return sums[Evidence.RESPONSE_BYTES.ordinal()];
  }
}
