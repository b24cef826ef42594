package io.hoptoll.correlator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.model.Endpoint;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Ledger;
import io.hoptoll.model.Leg;
import io.hoptoll.model.LegKind;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.SidecarSpan;
import io.hoptoll.model.UpstreamPool;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Exact nanoseconds on the steady request, whose sidecar reads at 190 µs. */
class LedgerBuilderTest {
  private final World.Truth t = World.steady("id");
  private final long read = t.e2().marks().readFirstNanos();
  private final JoinCounters counters = new JoinCounters();
  private final LedgerBuilder builder = new LedgerBuilder(counters);

  @Test
  void everyMarkThereEveryLegNamed() {
    Ledger ledger = builder.build(Change.client(t), Change.server(t), List.of());

    assertEquals(t.e1().marks().readLastNanos() - t.e1().marks().sendFirstNanos(), total(ledger));
    assertEquals(
        t.e6().marks().sendFirstNanos() - t.e6().marks().readLastNanos(),
        ledger.nanosOf(LegKind.SERVER_APP_SERVICE));
    assertEquals(1.0, ledger.resolvedShare());
    assertEquals(List.of(), ledger.mergedMarks());
  }

  @Test
  void cutsConnectAndHandshakeOutOfTheSidecarsRequest() {
    Exchange late = sentAt(read + 10_000);
    HalfHop client = client(opened(late, read + 1_000, read + 4_000, read + 9_000));
    Ledger ledger = builder.build(client, null, List.of());

    assertEquals(3_000, ledger.nanosOf(LegKind.TRANSPORT_CONNECT));
    assertEquals(5_000, ledger.nanosOf(LegKind.CLIENT_SIDECAR_HANDSHAKE));
    assertEquals(2_000, ledger.nanosOf(LegKind.CLIENT_SIDECAR_REQUEST));
  }

  @Test
  void connectCountsOnlyWhereTheRequestWaitedForIt() {
    Exchange late = sentAt(read + 10_000);
    HalfHop client = client(opened(late, read - 50_000, read + 4_000, read + 4_000));

    assertEquals(4_000, builder.build(client, null, List.of()).nanosOf(LegKind.TRANSPORT_CONNECT));
  }

  @Test
  void poolWaitEndsWhenTheConnectionIsFreeAndOnlyIfItIsTakenAtOnce() {
    HalfHop client = client(sentAt(read + 10_000_000));
    Ledger waited = builder.build(pool(client, read + 9_900_000), null, List.of());
    Ledger held = builder.build(pool(client, read + 1_000_000), null, List.of());

    assertEquals(9_900_000, waited.nanosOf(LegKind.CLIENT_SIDECAR_POOL));
    assertEquals(100_000, waited.nanosOf(LegKind.CLIENT_SIDECAR_REQUEST));
    assertEquals(0, held.nanosOf(LegKind.CLIENT_SIDECAR_POOL));
    assertEquals(10_000_000, held.nanosOf(LegKind.CLIENT_SIDECAR_REQUEST));
  }

  @Test
  void attemptsBeginWhereTheFirstReachedItsServer() {
    HalfHop client = client(sentAt(read + 10_000_000));
    HalfHop failed = Change.server(t);
    long reached = read + 300_000;
    failed = Change.node(failed, World.NODE, reached - failed.startNanos());
    Ledger ledger = builder.build(client, null, List.of(failed));
    HalfHop elsewhere = Change.node(failed, "node-b", 7_000_000_000L);

    assertEquals(300_000, ledger.nanosOf(LegKind.CLIENT_SIDECAR_REQUEST));
    assertEquals(9_700_000, ledger.nanosOf(LegKind.CLIENT_SIDECAR_ATTEMPTS));
    assertEquals(
        10_000_000,
        builder.build(client, null, List.of(elsewhere)).nanosOf(LegKind.CLIENT_SIDECAR_ATTEMPTS));
  }

  @Test
  void attemptsThatNoServerHeardOfAreTheTransportsWhereConnectionsWereReset() {
    HalfHop client = client(sentAt(read + 10_000_000));
    HalfHop retried =
        Change.half(
            Change.attempts(client.span(), 2),
            World.NODE,
            client.callingApp(),
            client.downstream(),
            client.upstream(),
            null,
            new UpstreamPool(u(), List.of(), 1));
    Ledger reset = builder.build(retried, null, List.of());
    Ledger other = builder.build(Change.pool(retried, UpstreamPool.UNKNOWN), null, List.of());

    assertEquals(10_000_000, reset.nanosOf(LegKind.TRANSPORT_ATTEMPTS));
    assertEquals(10_000_000, other.nanosOf(LegKind.CLIENT_SIDECAR_ATTEMPTS));
  }

  @Test
  void twoNodesClocksGiveOneTransportLegForBothWays() {
    Ledger one = builder.build(Change.client(t), Change.server(t), List.of());
    HalfHop far = Change.node(Change.server(t), "node-b", 123_456_789_000L);
    Ledger two = builder.build(Change.client(t), far, List.of());
    long both = LegKind.TRANSPORT_REQUEST.bit() | LegKind.TRANSPORT_RESPONSE.bit();
    Leg transport = two.legs().stream().filter(l -> l.kinds() == both).findFirst().orElseThrow();

    assertEquals(
        one.nanosOf(LegKind.TRANSPORT_REQUEST) + one.nanosOf(LegKind.TRANSPORT_RESPONSE),
        transport.nanos());
    assertEquals(0, two.nanosOf(LegKind.TRANSPORT_REQUEST));
    assertEquals(0, two.nanosOf(LegKind.TRANSPORT_RESPONSE));
    assertEquals(total(one), total(two));
  }

  @Test
  void aServerThatTookLongerThanItsClientWaitedIsLeftOut() {
    HalfHop far = Change.node(Change.server(t), "node-b", 0);
    Exchange.Marks m = t.e4().marks();
    HalfHop slow =
        Change.half(
            far.span(),
            "node-b",
            null,
            Change.marks(
                t.e4(),
                new Exchange.Marks(
                    m.readyFirstNanos() - Nanos.PER_SECOND,
                    m.readyLastNanos(),
                    m.readFirstNanos(),
                    m.readLastNanos(),
                    m.sendFirstNanos(),
                    m.sendLastNanos())),
            far.upstream(),
            far.servingApp(),
            UpstreamPool.UNKNOWN);
    Ledger ledger = builder.build(Change.client(t), slow, List.of());

    assertEquals(1, counters.get(JoinCounters.Count.CLOCKS_CONTRADICT));
    assertTrue(ledger.marks().stream().allMatch(at -> at.mark().isClientSide()));
  }

  @Test
  void accessLogsAloneNameAllThatALegContains() {
    HalfHop client = Change.half(t.client(), "", null, null, null, null, UpstreamPool.UNKNOWN);
    Ledger ledger = builder.build(client, null, List.of());
    Leg middle = ledger.legs().get(1);

    assertEquals(t.client().times().durationNanos(), total(ledger));
    Leg first = ledger.legs().get(0);
    assertTrue(first.contains(LegKind.CLIENT_SIDECAR_REQUEST));
    assertTrue(first.contains(LegKind.TRANSPORT_CONNECT), "its upstream socket was not seen");
    assertTrue(first.contains(LegKind.CLIENT_SIDECAR_POOL));
    assertTrue(middle.contains(LegKind.TRANSPORT_REQUEST));
    assertTrue(middle.contains(LegKind.SERVER_APP_SERVICE));
    assertTrue(middle.contains(LegKind.TRANSPORT_RESPONSE));
    assertTrue(ledger.marks().stream().allMatch(m -> m.source() == Ledger.Source.ALS));
  }

  @Test
  void aLocalReplyIsTheSidecarsOwn() {
    SidecarSpan.Addresses a = t.client().addresses();
    SidecarSpan span =
        Change.addresses(
            t.client(),
            new SidecarSpan.Addresses(
                a.downstreamDirectRemote(),
                a.downstreamRemote(),
                a.downstreamLocal(),
                Endpoint.NONE,
                Endpoint.NONE));
    SidecarSpan local =
        Change.times(span, new SidecarSpan.Times(0, u(), u(), u(), u(), 400_000, 400_000, 410_000));
    HalfHop half = Change.half(local, World.NODE, t.e1(), t.e2(), null, null, UpstreamPool.UNKNOWN);
    Ledger ledger = builder.build(half, null, List.of());

    assertEquals(
        t.e2().marks().sendFirstNanos() - read, ledger.nanosOf(LegKind.CLIENT_SIDECAR_REQUEST));
    assertEquals(0, ledger.nanosOf(LegKind.TRANSPORT_REQUEST));
  }

  private static long u() {
    return Nanos.UNSET;
  }

  private static long total(Ledger ledger) {
    return ledger.totalNanos();
  }

  private HalfHop client(Exchange up) {
    SidecarSpan span =
        Change.times(
            t.client(), new SidecarSpan.Times(0, u(), u(), u(), u(), u(), u(), 60_000_000));
    Exchange.Marks m = t.e2().marks();
    Exchange down =
        Change.marks(
            t.e2(),
            new Exchange.Marks(m.readyFirstNanos(), m.readyLastNanos(), read, read, u(), u()));
    return Change.half(span, World.NODE, null, down, up, null, UpstreamPool.UNKNOWN);
  }

  private static HalfHop pool(HalfHop half, long freeNanos) {
    return Change.pool(half, new UpstreamPool(freeNanos, List.of(), 0));
  }

  /** The sidecar's upstream socket, sending so late that all answers move with it. */
  private Exchange sentAt(long sent) {
    return Change.marks(t.e3(), new Exchange.Marks(u(), u(), u(), u(), sent, sent));
  }

  private static Exchange opened(Exchange e, long syn, long established, long ready) {
    return Change.opening(
        e, new Exchange.Opening(syn, established, established, established, ready, 0));
  }
}
