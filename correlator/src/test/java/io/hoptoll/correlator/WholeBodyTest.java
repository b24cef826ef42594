package io.hoptoll.correlator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.model.Exchange;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Ledger;
import io.hoptoll.model.LegKind;
import io.hoptoll.model.SidecarSpan;
import io.hoptoll.model.UpstreamPool;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A sidecar that passes bodies on whole (a buffer filter) waits for who sends them. */
class WholeBodyTest {
  private static final long LATE = 80_000_000;
  private final World.Truth t = World.steady("id");

  @Test
  void anAppThatWritesSlowlyIsWhatItsSidecarWaitsFor() {
    Ledger ledger = client(writes(t.e1(), LATE), comes(t.e2(), LATE));
    assertTrue(ledger.nanosOf(LegKind.BODY_SENDER_CLIENT) > LATE / 2, ledger::toString);
    assertTrue(ledger.nanosOf(LegKind.CLIENT_SIDECAR_REQUEST) < LATE / 2, ledger::toString);
  }

  @Test
  void whatCameWholeAndLiesThereIsTheSidecars() {
    Ledger ledger = client(writes(t.e1(), LATE / 4), comes(t.e2(), LATE / 4));
    assertEquals(0, ledger.nanosOf(LegKind.BODY_SENDER_CLIENT), ledger::toString);
    assertTrue(ledger.nanosOf(LegKind.CLIENT_SIDECAR_REQUEST) >= LATE, ledger::toString);
  }

  @Test
  void theServersSidecarWaitsForTheSameApp() {
    Ledger ledger = server(writes(t.e1(), LATE), writes(t.e3(), LATE));
    assertTrue(ledger.nanosOf(LegKind.BODY_SENDER_CLIENT) > LATE / 2, ledger::toString);
    assertTrue(ledger.nanosOf(LegKind.SERVER_SIDECAR_REQUEST) < LATE / 2, ledger::toString);
  }

  @Test
  void aBodyThatWasSentAtOnceIsTheWires() {
    Ledger ledger = server(writes(t.e1(), 0), writes(t.e3(), 0));
    assertTrue(ledger.nanosOf(LegKind.BODY_NETWORK) > LATE / 2, ledger::toString);
  }

  @Test
  void anAnswerThatIsBufferedWaitsForTheAppThatWritesIt() {
    Exchange.Marks in = t.e5().marks();
    Exchange.Marks out = t.e6().marks();
    Exchange e4 = marks(t.e4(), 0, 0, LATE, LATE);
    Exchange e5 = marks(t.e5(), 0, LATE, 0, 0);
    Exchange e6 = marks(t.e6(), 0, 0, 0, LATE);
    assertTrue(in.readFirstNanos() > out.sendFirstNanos());
    Ledger ledger = ledger(null, half(t.server(), null, e4, e5, e6));
    assertTrue(ledger.nanosOf(LegKind.BODY_SENDER_SERVER) > LATE / 2, ledger::toString);
    assertTrue(ledger.nanosOf(LegKind.SERVER_SIDECAR_RESPONSE) < LATE / 2, ledger::toString);
  }

  /** The caller's half alone, whose sidecar goes on late. */
  private Ledger client(Exchange e1, Exchange e2) {
    return ledger(half(t.client(), e1, e2, Change.later(t.e3(), LATE), null), null);
  }

  /** A server's sidecar that goes on when all is there. */
  private Ledger server(Exchange e1, Exchange e3) {
    HalfHop client = half(t.client(), e1, marks(t.e2(), 0, 0, LATE, LATE), e3, null);
    Exchange e5 = Change.later(t.e5(), LATE);
    Exchange e6 = Change.later(t.e6(), LATE);
    return ledger(client, half(t.server(), null, comes(t.e4(), LATE), e5, e6));
  }

  private static HalfHop half(
      SidecarSpan span,
      @Nullable Exchange calling,
      Exchange down,
      @Nullable Exchange up,
      @Nullable Exchange serving) {
    return Change.half(span, World.NODE, calling, down, up, serving, UpstreamPool.UNKNOWN);
  }

  private static Ledger ledger(@Nullable HalfHop client, @Nullable HalfHop server) {
    return new LedgerBuilder(new JoinCounters()).build(client, server, List.of());
  }

  /** The request goes out over that time, the answer comes as much later. */
  private static Exchange writes(Exchange e, long nanos) {
    return marks(e, LATE, LATE, 0, nanos);
  }

  /** The request comes in over that time. */
  private static Exchange comes(Exchange e, long nanos) {
    return marks(e, 0, nanos, LATE, LATE);
  }

  private static Exchange marks(Exchange e, long first, long last, long send, long sendLast) {
    Exchange.Marks m = e.marks();
    return Change.marks(
        e,
        new Exchange.Marks(
            m.readyFirstNanos() + first,
            m.readyFirstNanos() + last,
            m.readFirstNanos() + first,
            m.readFirstNanos() + last,
            m.sendFirstNanos() + send,
            m.sendFirstNanos() + sendLast));
  }
}
