package io.hoptoll.correlator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.hoptoll.model.Endpoint;
import io.hoptoll.model.Ledger;
import io.hoptoll.model.LegKind;
import io.hoptoll.model.Mark;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.Proxy;
import io.hoptoll.model.SidecarSpan;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Spans and ledgers keep times in 32 bits where all fit; nobody may be able to tell. */
class LongTimesTest {
  private static final long INT = Integer.MAX_VALUE;

  @ParameterizedTest
  @ValueSource(
      longs = {
        0,
        1,
        -1,
        INT,
        INT + 1,
        -INT,
        -INT - 1,
        -INT - 2,
        3_600_000_000_000L,
        Nanos.UNSET,
        1L << 32
      })
  void oneTimeOfAnyLengthLeavesAllOthersAsTheyWere(long value) {
    SidecarSpan.Times times = new SidecarSpan.Times(1, value, 3, value, 5, 6, Nanos.UNSET, 8);
    SidecarSpan.WireBytes bytes = new SidecarSpan.WireBytes(9, value, 11, Nanos.UNSET);
    SidecarSpan span = span(times, bytes);
    assertEquals(times, span.times());
    assertEquals(bytes, span.bytes());
    assertEquals(value, span.firstUpstreamTxNanos());
    assertEquals(value, span.firstUpstreamRxNanos());
    assertEquals(8, span.durationNanos());
    assertEquals(span(times, bytes), span);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, INT - 1, INT, INT + 1, 1L << 40})
  void legsAndMarksOfAnyLengthAreAsTheyWereGiven(long nanos) {
    Ledger ledger = draft(nanos).balanced("n", 7, nanos + 5, "all", List.of(), null);
    assertEquals(nanos, ledger.legNanos(0));
    assertEquals(5, ledger.nanosOf(LegKind.SERVER_APP_SERVICE));
    assertEquals(nanos, ledger.legs().get(1).startNanos());
    assertEquals(nanos + 5, ledger.marks().get(1).nanos());
    assertEquals(draft(nanos).balanced("n", 7, nanos + 5, "all", List.of(), null), ledger);
  }

  @Test
  void legsThatDoNotSumToTheTotalAreRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> draft(10).balanced("n", 7, 16, "all", List.of(), null));
  }

  private static Ledger.Draft draft(long nanos) {
    Ledger.Draft draft = new Ledger.Draft();
    draft.begin();
    draft.leg(LegKind.CLIENT_SIDECAR_REQUEST.bit(), nanos);
    draft.leg(LegKind.SERVER_APP_SERVICE.bit(), 5);
    draft.mark(Mark.CLIENT_SIDECAR_READ, 0, Ledger.Source.ALS);
    draft.mark(Mark.CLIENT_SIDECAR_ANSWERED, nanos + 5, Ledger.Source.ALS);
    return draft;
  }

  private static SidecarSpan span(SidecarSpan.Times times, SidecarSpan.WireBytes bytes) {
    Endpoint any = Endpoint.NONE;
    return new SidecarSpan(
        new Proxy("node", Proxy.Kind.SIDECAR, List.of(), "ns", "pod", "w", "", ""),
        "log",
        SidecarSpan.Kind.END,
        SidecarSpan.Protocol.HTTP1,
        1,
        times,
        new SidecarSpan.Addresses(any, any, any, any, any),
        new SidecarSpan.Request("id", "id", "", "GET", "a", "/", "r", "c", "", 0, -1),
        new SidecarSpan.Outcome(200, "", 0, "", 1),
        bytes);
  }
}
