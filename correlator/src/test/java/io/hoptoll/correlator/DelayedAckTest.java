package io.hoptoll.correlator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hoptoll.model.Exchange;
import io.hoptoll.model.Exchange.Role;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Ledger;
import io.hoptoll.model.Leg;
import io.hoptoll.model.LegKind;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.UpstreamPool;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which last pieces waited for an ACK, and whose leg that was. Instants in µs of the sender's. */
class DelayedAckTest {
  private static final long US = Nanos.PER_MICRO;

  /** As a Python server's answer in two writes was recorded: written by 35, there at 43,652 µs. */
  private static final long WRITTEN = 35 * US;

  private static final long ARRIVED = 43_652 * US;

  /** When the sidecar had read the first piece: later than the second was written. */
  private static final long READ = 48 * US;

  private final World.Truth t = World.steady("r-1");
  private final LedgerBuilder builder = new LedgerBuilder(new JoinCounters());

  @Test
  void itIsFromTheLastWriteToItsArrival() {
    assertEquals(ARRIVED - WRITTEN, held(sender(WRITTEN, 2, 0, 0, 0), receiver(8 * US, ARRIVED)));
  }

  @Test
  void oneWriteNoDelaySentAgainOrAShutWindowIsNone() {
    Exchange there = receiver(8 * US, ARRIVED);
    assertEquals(0, held(sender(WRITTEN, 1, 0, 0, 0), there));
    assertEquals(0, held(sender(WRITTEN, 2, Exchange.NODELAY, 0, 0), there));
    assertEquals(0, held(sender(WRITTEN, 2, Exchange.SHARED, 0, 0), there));
    assertEquals(0, held(sender(WRITTEN, 2, 0, 1, 0), there));
    assertEquals(0, held(sender(WRITTEN, 2, 0, 0, 30), there));
    assertEquals(0, held(null, there));
    assertEquals(0, held(sender(WRITTEN, 2, 0, 0, 0), null));
  }

  @Test
  void aSlowSenderASlowWayAndOtherTimesAreNone() {
    Exchange sender = sender(WRITTEN, 2, 0, 0, 0);
    assertEquals(0, held(sender(43_600 * US, 2, 0, 0, 0), receiver(8 * US, ARRIVED)));
    assertEquals(0, held(sender, receiver(43_000 * US, ARRIVED)));
    assertEquals(0, held(sender, receiver(8 * US, 29_000 * US)));
    assertEquals(0, held(sender, receiver(8 * US, 230_000 * US)));
  }

  @Test
  void aHeadInTwoPiecesIsCutOutOfTheSidecarsAnswer() {
    Ledger ledger = builder.build(null, half(0), List.of());
    assertEquals(ARRIVED - READ, ledger.nanosOf(LegKind.TRANSPORT_ACK));
    assertEquals(ledger.totalNanos(), sum(ledger));
  }

  @Test
  void anotherNodesClockChangesNothing() {
    HalfHop far = Change.node(half(0), "node-b", 123_456_789_000L);
    Exchange.Marks m = t.e3().marks();
    long read = m.readFirstNanos() + ARRIVED;
    HalfHop client =
        Change.half(
            Change.client(t).span(),
            World.NODE,
            null,
            null,
            Change.marks(
                t.e3(),
                new Exchange.Marks(
                    m.readyFirstNanos() + ARRIVED,
                    m.readyLastNanos() + ARRIVED,
                    read,
                    read,
                    m.sendFirstNanos(),
                    m.sendLastNanos())),
            null,
            UpstreamPool.UNKNOWN);
    Ledger ledger = builder.build(client, far, List.of());
    assertEquals(ARRIVED - READ, ledger.nanosOf(LegKind.TRANSPORT_ACK));
    assertEquals(ledger.totalNanos(), sum(ledger));
  }

  @Test
  void aFilterThatWentOnForLongAfterThePieceCameKeepsItsTime() {
    Ledger ledger = builder.build(null, half(60_000 * US), List.of());
    assertEquals(0, ledger.nanosOf(LegKind.TRANSPORT_ACK));
    assertEquals(ledger.totalNanos(), sum(ledger));
  }

  private static long held(@Nullable Exchange sender, @Nullable Exchange receiver) {
    return DelayedAck.heldNanos(sender, receiver);
  }

  private long answered() {
    return t.e6().marks().sendFirstNanos();
  }

  private static long sum(Ledger ledger) {
    return ledger.legs().stream().mapToLong(Leg::nanos).sum();
  }

  /** The server's half, its sidecar answering so long after the head was whole. */
  private HalfHop half(long later) {
    Exchange.Marks down = t.e4().marks();
    long sent = answered() + ARRIVED + 100 * US + later;
    Exchange e4 =
        Change.marks(
            t.e4(),
            new Exchange.Marks(
                down.readyFirstNanos(),
                down.readyLastNanos(),
                down.readFirstNanos(),
                down.readLastNanos(),
                sent,
                sent));
    return Change.half(
        Change.server(t).span(),
        World.NODE,
        null,
        e4,
        receiver(8 * US, ARRIVED),
        sender(WRITTEN, 2, 0, 0, 0),
        UpstreamPool.UNKNOWN);
  }

  /** The app's end of its connection to the sidecar. */
  private Exchange sender(long written, int sends, int flags, int retransmits, int shutMillis) {
    Exchange e = t.e6();
    Exchange.Marks m = e.marks();
    Exchange.Volume v = e.volume();
    return new Exchange(
        e.node(),
        e.netns(),
        e.socketId(),
        e.turn(),
        e.emitNanos(),
        e.tuple(),
        Role.ACCEPT,
        flags,
        e.owner(),
        e.opening(),
        new Exchange.Marks(
            m.readyFirstNanos(),
            m.readyLastNanos(),
            m.readFirstNanos(),
            m.readLastNanos(),
            m.sendFirstNanos(),
            m.sendFirstNanos() + written),
        new Exchange.Volume(v.bytesIn(), v.bytesOut(), 1, sends, 0, 1),
        new Exchange.Tcp(20, 20, 20, retransmits, 0, 0, 0, 0, shutMillis, 0, 10, 0, 1, 1));
  }

  /** The sidecar's. */
  private Exchange receiver(long first, long last) {
    Exchange.Marks m = t.e5().marks();
    long from = answered();
    return Change.marks(
        t.e5(),
        new Exchange.Marks(
            from + first,
            from + last,
            from + READ,
            from + last + 40 * US,
            m.sendFirstNanos(),
            m.sendLastNanos()));
  }
}
