package io.hoptoll.correlator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.hoptoll.model.Exchange;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Hop;
import java.util.List;
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
