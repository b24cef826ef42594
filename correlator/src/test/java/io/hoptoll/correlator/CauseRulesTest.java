package io.hoptoll.correlator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.model.Cause;
import io.hoptoll.model.LegKind;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.ProcessSample;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which cause is named for growth in these legs, with this evidence: one suspect a rule. */
class CauseRulesTest {
  private static final Edge EDGE = new Edge("web", "reviews");
  private static final double MS = Nanos.PER_MILLI;

  private final Map<Long, Double> grown = new HashMap<>();
  private final Map<Slot, Double> evidence = new HashMap<>();
  private ProcessTime process = ProcessTime.NONE;
  private ProcessTime before = ProcessTime.NONE;
  private EdgeWindow calls = new EdgeWindow();

  @Test
  void serviceTimeIfTheAppReadPromptly() {
    grow(LegKind.SERVER_APP_SELF, 20);
    grow(LegKind.SERVER_APP_PICKUP, 5);
    assertCause(Cause.APP_SERVICE_TIME, Actor.Kind.APP);
  }

  @Test
  void pickupIfDataLayUnreadForLonger() {
    grow(LegKind.SERVER_APP_SELF, 5);
    grow(LegKind.SERVER_APP_PICKUP, 20);
    assertCause(Cause.APP_PICKUP_DELAY, Actor.Kind.APP);
  }

  @Test
  void dependencyIfWaitingForOthersHoldsHalf() {
    grow(LegKind.SERVER_APP_SELF, 20);
    grow(LegKind.SERVER_APP_DEPENDENCY, 19);
    assertCause(Cause.APP_SERVICE_TIME, Actor.Kind.APP);
    grow(LegKind.SERVER_APP_DEPENDENCY, 21);
    String remedy = assertCause(Cause.DEPENDENCY, Actor.Kind.APP).remedy();
    assertEquals(Remedies.of(Cause.DEPENDENCY), remedy);
    process = process(500, false);
    assertCause(Cause.APP_CPU_THROTTLED, Actor.Kind.APP);
  }

  @Test
  void acceptQueueIfConnectingToTheAppHoldsHalf() {
    grow(LegKind.SERVER_APP_CONNECT, 20);
    grow(LegKind.SERVER_APP_PICKUP, 10);
    assertCause(Cause.APP_ACCEPT_QUEUE_FULL, Actor.Kind.APP);
  }

  @Test
  void bodiesByWhoHeldThemUp() {
    grow(LegKind.BODY_RECEIVER_CLIENT, 20);
    assertCause(Cause.APP_SLOW_READER, Actor.Kind.APP);
    grown.clear();
    grow(LegKind.BODY_SENDER_SERVER, 20);
    assertCause(Cause.APP_SLOW_SENDER, Actor.Kind.APP);
  }

  @Test
  void appFrozenBeforeThrottledBeforeItsLegs() {
    grow(LegKind.SERVER_APP_PICKUP, 20);
    process = process(500, true);
    assertCause(Cause.APP_FROZEN, Actor.Kind.APP);
    process = process(500, false);
    assertCause(Cause.APP_CPU_THROTTLED, Actor.Kind.APP);
    before = process(490, false);
    assertCause(Cause.APP_PICKUP_DELAY, Actor.Kind.APP);
  }

  @Test
  void throttledRarelyButForAsLongAsTheRequestsLost() {
    grow(LegKind.SERVER_APP_PICKUP, 0.3); // each of 100
    process = process(20, 60, false);
    assertCause(Cause.APP_CPU_THROTTLED, Actor.Kind.APP);
    before = process(12, false);
    assertCause(Cause.APP_PICKUP_DELAY, Actor.Kind.APP);
    before = ProcessTime.NONE;
    grow(LegKind.SERVER_APP_PICKUP, 0.5); // more than that
    assertCause(Cause.APP_PICKUP_DELAY, Actor.Kind.APP);
  }

  @Test
  void throttlingsThatOthersMetDoNotCount() {
    grow(LegKind.SERVER_APP_PICKUP, 0.3);
    process = process(25, 20, false); // too few
    assertCause(Cause.APP_PICKUP_DELAY, Actor.Kind.APP);
    process = process(25, 200, false); // too short
    assertCause(Cause.APP_PICKUP_DELAY, Actor.Kind.APP);
  }

  @Test
  void sidecarFrozenBeforeThrottledBeforePool() {
    grow(LegKind.CLIENT_SIDECAR_POOL, 20);
    process = process(500, true);
    assertCause(Cause.SIDECAR_FROZEN, Actor.Kind.SIDECAR);
    process = process(500, false);
    assertCause(Cause.SIDECAR_CPU_THROTTLED, Actor.Kind.SIDECAR);
    process = process(10, false);
    assertCause(Cause.SIDECAR_POOL_WAIT, Actor.Kind.SIDECAR);
  }

  @Test
  void sidecarsLegsEachByTheirShare() {
    grow(LegKind.CLIENT_SIDECAR_HANDSHAKE, 20);
    assertCause(Cause.SIDECAR_TLS_HANDSHAKE, Actor.Kind.SIDECAR);
    grow(LegKind.CLIENT_SIDECAR_ATTEMPTS, 40);
    assertCause(Cause.SIDECAR_RETRIES, Actor.Kind.SIDECAR);
    grow(LegKind.SERVER_SIDECAR_QUEUE, 50);
    grow(LegKind.SERVER_SIDECAR_RESPONSE_QUEUE, 60);
    assertCause(Cause.SIDECAR_WORKER_QUEUE, Actor.Kind.SIDECAR);
    grow(LegKind.SERVER_SIDECAR_REQUEST, 150);
    assertCause(Cause.SIDECAR_FILTER, Actor.Kind.SIDECAR);
  }

  @Test
  void resetsThatBrokeAttempts() {
    grow(LegKind.TRANSPORT_ATTEMPTS, 20);
    assertCause(Cause.TRANSPORT_RESET, Actor.Kind.TRANSPORT);
  }

  @Test
  void connectBeforeLoss() {
    grow(LegKind.TRANSPORT_CONNECT, 20);
    evidence(Evidence.TRANSPORT_WITH_RETRANSMITS, 20 * MS);
    assertCause(Cause.TRANSPORT_CONNECT, Actor.Kind.TRANSPORT);
  }

  @Test
  void lossOnlyIfTheRequestsItHitHoldTheGrowth() {
    grow(LegKind.TRANSPORT_REQUEST, 10);
    grow(LegKind.TRANSPORT_RESPONSE, 10);
    evidence(Evidence.RETRANSMITS, 3);
    evidence(Evidence.TRANSPORT_WITH_RETRANSMITS, 9 * MS);
    assertCause(Cause.TRANSPORT_RTT, Actor.Kind.TRANSPORT);
    evidence(Evidence.TRANSPORT_WITH_RETRANSMITS, 11 * MS);
    assertCause(Cause.TRANSPORT_LOSS, Actor.Kind.TRANSPORT);
  }

  @Test
  void droppedOnlyIfTheKernelsOwnDropsExplainWhatWasSentAgain() {
    grow(LegKind.TRANSPORT_RESPONSE, 20);
    evidence(Evidence.RETRANSMITS, 3);
    evidence(Evidence.TRANSPORT_WITH_RETRANSMITS, 20 * MS);
    evidence(Evidence.PACKETS_DROPPED, 4);
    drops(400, 0);
    assertCause(Cause.TRANSPORT_LOSS, Actor.Kind.TRANSPORT);
    drops(300, 100);
    assertCause(Cause.TRANSPORT_LOSS, Actor.Kind.TRANSPORT);
    drops(200, 200);
    assertCause(Cause.TRANSPORT_DROPPED, Actor.Kind.TRANSPORT);
    evidence(Evidence.TRANSPORT_WITH_RETRANSMITS, 9 * MS);
    assertCause(Cause.TRANSPORT_RTT, Actor.Kind.TRANSPORT);
  }

  @Test
  void delayedAckIfPiecesThatWaitedForItHoldHalf() {
    grow(LegKind.TRANSPORT_RESPONSE, 20);
    grow(LegKind.TRANSPORT_ACK, 19);
    assertCause(Cause.TRANSPORT_RTT, Actor.Kind.TRANSPORT);
    grow(LegKind.TRANSPORT_ACK, 21);
    assertCause(Cause.TRANSPORT_DELAYED_ACK, Actor.Kind.TRANSPORT);
  }

  @Test
  void bandwidthIfLargeResponsesAloneAreSlow() {
    grow(LegKind.TRANSPORT_RESPONSE, 30);
    grow(LegKind.TRANSPORT_REQUEST, 1);
    evidence(Evidence.RESPONSE_BYTES, 14_000);
    assertCause(Cause.TRANSPORT_RTT, Actor.Kind.TRANSPORT);
    evidence(Evidence.RESPONSE_BYTES, 200_000);
    assertCause(Cause.TRANSPORT_BANDWIDTH, Actor.Kind.TRANSPORT);
    grow(LegKind.TRANSPORT_REQUEST, 30);
    assertCause(Cause.TRANSPORT_RTT, Actor.Kind.TRANSPORT);
  }

  @Test
  void unresolvedWhereNoOneOwnsTheTime() {
    grow(LegKind.UNEXPLAINED, 20);
    assertCause(Cause.UNRESOLVED, Actor.Kind.UNDETERMINED);
  }

  private void drops(long byNetfilter, long byQueue) {
    calls = new EdgeWindow();
    calls.drop("NETFILTER_DROP in nf_hook_slow", byNetfilter);
    calls.drop("QDISC_DROP in __dev_queue_xmit", byQueue);
  }

  /** Acknowledged as fast as ever, answered 200 ms later: the way there did not take it. */
  @Test
  void aServerThatNothingTellsOfIsADependencyIfTheWayThereIsNoLonger() {
    growBehind(200);
    evidence(Evidence.LAST_RTT_MICROS, 40_000);
    CauseRules.Explanation why = assertCause(Cause.DEPENDENCY, Actor.Kind.UNDETERMINED);

    assertTrue(why.evidence().get(0).contains("way back"), why.evidence()::toString);
    assertTrue(why.remedy().contains("way back"), why::remedy);
    assertFalse(why.remedy().contains("app itself is not slow"), why::remedy);
  }

  @Test
  void nothingIsKnownOfItIfTheRoundTripMayHoldIt() {
    growBehind(30);
    assertCause(Cause.UNRESOLVED, Actor.Kind.UNDETERMINED);
    evidence(Evidence.LAST_RTT_MICROS, 30_000);
    assertCause(Cause.UNRESOLVED, Actor.Kind.UNDETERMINED);
  }

  @Test
  void lossOnTheWayToAServerThatNothingTellsOf() {
    growBehind(200);
    evidence(Evidence.LAST_RTT_MICROS, 300);
    evidence(Evidence.TRANSPORT_WITH_RETRANSMITS, 150 * MS);
    assertCause(Cause.TRANSPORT_LOSS, Actor.Kind.UNDETERMINED);
  }

  private void growBehind(double millis) {
    long behind =
        LegKind.TRANSPORT_REQUEST.bit()
            | LegKind.SERVER_SIDECAR_REQUEST.bit()
            | LegKind.SERVER_APP_SERVICE.bit()
            | LegKind.TRANSPORT_RESPONSE.bit();
    grown.put(behind, millis * MS);
  }

  private CauseRules.Explanation assertCause(Cause expected, Actor.Kind kind) {
    Composition current = new Composition(100, 50 * MS, Map.copyOf(evidence));
    Suspect suspect =
        new Suspect(
            new Actor(kind, "x"),
            EDGE,
            Map.copyOf(grown),
            current,
            new Composition(0, 0, Map.of()),
            process,
            before,
            calls);
    CauseRules.Explanation why = CauseRules.explain(suspect);
    assertEquals(expected, why.cause(), why.evidence().toString());
    assertFalse(why.evidence().isEmpty());
    assertFalse(why.remedy().isEmpty());
    return why;
  }

  private void grow(LegKind kind, double millis) {
    grown.put(kind.bit(), millis * MS);
  }

  private void evidence(Evidence kind, double amount) {
    evidence.put(Slot.evidence(EDGE, kind), amount);
  }

  private static ProcessTime process(long throttledMillis, boolean stopped) {
    return process(throttledMillis, 4, stopped);
  }

  private static ProcessTime process(long throttledMillis, int periods, boolean stopped) {
    ProcessTime time = new ProcessTime();
    long throttled = throttledMillis * Nanos.PER_MILLI;
    time.add(
        new ProcessSample(
            "n",
            1,
            7,
            "x",
            0,
            Nanos.PER_SECOND,
            200 * Nanos.PER_MILLI,
            throttled,
            periods,
            300 * Nanos.PER_MILLI,
            61,
            stopped));
    return time;
  }
}
