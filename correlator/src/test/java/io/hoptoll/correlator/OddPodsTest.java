package io.hoptoll.correlator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Hop;
import io.hoptoll.model.Ledger;
import io.hoptoll.model.LegKind;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.Party;
import io.hoptoll.model.SidecarSpan;
import io.hoptoll.model.SidecarSpan.Outcome;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which of a workload's pods are named beside it. */
class OddPodsTest {
  private final EdgeWindow edge = new EdgeWindow();

  @Test
  void oneSlowPodAmongThree() {
    calls("a", 40, 5, 0);
    calls("b", 40, 120, 0);
    calls("c", 40, 6, 0);
    assertEquals(
        List.of(
            "only at 1 of 3 pods: b (120.0 ms a call); at the others at most 6.00 ms a call: look"
                + " at these pods and their nodes first"),
        OddPods.slow(edge, Party.SERVER_APP, this::usual));
    assertEquals(List.of(), OddPods.slow(edge, Party.TRANSPORT, this::usual));
    assertEquals(List.of(), OddPods.failing(edge, this::usual));
  }

  @Test
  void allSlowAlikeIsTheWorkload() {
    calls("a", 40, 110, 0);
    calls("b", 40, 120, 0);
    calls("c", 40, 100, 0);
    assertEquals(List.of(), OddPods.slow(edge, Party.SERVER_APP, this::usual));
  }

  @Test
  void oneAloneOrHardlyCalledIsNotOdd() {
    calls("a", 40, 120, 0);
    calls("b", 4, 5, 0);
    assertEquals(List.of(), OddPods.slow(edge, Party.SERVER_APP, this::usual));
  }

  @Test
  void theOneThatFails() {
    calls("a", 40, 5, 0);
    calls("b", 40, 5, 20);
    assertEquals(
        List.of(
            "only at 1 of 2 pods: b (50 % of calls failed); at the others at most 0 % of calls"
                + " failed: look at these pods and their nodes first"),
        OddPods.failing(edge, this::usual));
  }

  /** One failure or two, or three that chance may have put there, name no pod. */
  @ParameterizedTest
  @CsvSource({"5,1,0,0", "20,2,1,0", "20,3,0,0", "5,3,0,0", "40,6,2,2"})
  void aFewFailuresAreChance(int calls, int a, int b, int c) {
    calls("a", calls, 5, a);
    calls("b", calls, 5, b);
    calls("c", calls, 5, c);
    assertEquals(List.of(), OddPods.failing(edge, this::usual));
  }

  /** Of ten that fail alike some have more bad luck than others. */
  @Test
  void ofManyPodsAlikeNoneIsOdd() {
    Random random = new Random(7);
    int named = 0;
    for (int run = 0; run < 1_000; run++) {
      EdgeWindow alike = new EdgeWindow();
      for (int pod = 0; pod < 10; pod++) {
        alike.pod(
            "pod-" + pod, sums(20, 5, (int) random.ints(20, 0, 10).filter(i -> i == 0).count()));
      }
      named += OddPods.failing(alike, this::usual).size();
    }
    assertTrue(named <= 5, "named in " + named + " of 1000 runs");
  }

  @Test
  void whereTheOthersAreWorseThanUsualItIsNotTheOddOnesOnly() {
    calls("a", 100, 5, 10);
    calls("b", 100, 5, 60);
    calls("c", 100, 30, 10);
    calls("d", 100, 90, 10);
    assertEquals(
        List.of(
            "mostly at 1 of 4 pods: b (60 % of calls failed); at the others at most 10 % of calls"
                + " failed: look at these pods and their nodes first"),
        OddPods.failing(edge, this::usual));
    assertEquals(
        List.of(
            "mostly at 1 of 4 pods: d (90.0 ms a call); at the others at most 30.0 ms a call: look"
                + " at these pods and their nodes first"),
        OddPods.slow(edge, Party.SERVER_APP, this::usual));
  }

  @Test
  void aHopIsCountedAtThePodThatServedIt() {
    EdgeWindow window = new EdgeWindow();
    PathNode node = OneHop.node();
    window.add(node, new long[Evidence.values().length], Map.of());
    PodSums sums = Objects.requireNonNull(window.pods.get("reviews"));
    assertEquals(1, sums.calls());
    assertEquals(0, sums.errorShare());
    assertEquals(2_500_000, sums.mean(Party.SERVER_APP), 200_000);
  }

  @Test
  void ofMorePodsThanAreToldApartItSaysSo() {
    calls("bad", 40, 120, 0);
    for (int i = 0; i < 40; i++) {
      calls("pod-" + i, 40, 5, 0);
    }
    assertEquals(
        List.of(
            "only at 1 of the 16 pods told apart (1000 calls at more): bad (120.0 ms a call); at the"
                + " others at most 5.00 ms a call: look at these pods and their nodes first"),
        OddPods.slow(edge, Party.SERVER_APP, this::usual));
  }

  /** After a rollout the pods of now are told apart, not those that are gone. */
  @Test
  void theLatestPodsHaveTheRoom() {
    Edge called = new Edge("a", "b");
    Window before = window(100, called, "old-", 40);
    Window now = window(110, called, "new-", 3);
    EdgeWindow sum =
        new Suspects(new Windows(new JoinCounters()).owners(), "/", List.of(before, now), List.of())
            .of(called);
    assertTrue(sum.pods.keySet().containsAll(List.of("new-0", "new-1", "new-2")));
    assertEquals(Limits.PODS_PER_EDGE, sum.pods.size());
    assertEquals(43 - Limits.PODS_PER_EDGE, sum.otherPods.calls());
  }

  private static Window window(long start, Edge called, String prefix, int pods) {
    Window window = new Window(start, 10);
    for (int i = 0; i < pods; i++) {
      window.edge(called, called).pod(prefix + i, sums(1, 5, 0));
    }
    return window;
  }

  /** What is slow behind a pod is not the pod: here it waits a millisecond for one call of two. */
  @Test
  void theCallsThatItMadeAreNotItsTime() {
    PathNode node = OneHop.node();
    double alone = appNanos(node);
    World.Truth t = World.steady("id");
    long service = t.e6().marks().readLastNanos();
    long millis = Nanos.PER_MILLI;
    node.add(call(service + millis / 2, millis), PathNode.Link.REQUEST_ID);
    node.add(call(service + millis, millis / 4), PathNode.Link.REQUEST_ID);
    node.add(call(service + millis, 50 * millis), PathNode.Link.REQUEST_ID); // nobody waited
    assertEquals(alone - millis, appNanos(node));
  }

  private static PathNode call(long fromNanos, long nanos) {
    HalfHop client = Change.client(World.steady("id"));
    Ledger.Draft draft = new Ledger.Draft();
    draft.begin();
    draft.leg(LegKind.UNEXPLAINED.bit(), nanos);
    Ledger ledger = draft.balanced(World.NODE, fromNanos, nanos, "total", List.of(), null);
    return new PathNode(new Hop(client, null, List.of(), ledger));
  }

  private static double appNanos(PathNode node) {
    EdgeWindow window = new EdgeWindow();
    window.add(node, new long[Evidence.values().length], Map.of());
    return Objects.requireNonNull(window.pods.get("reviews")).mean(Party.SERVER_APP);
  }

  /** Archives do not keep it, and its pods are not the caller's. */
  @Test
  void theCallersTimeNamesNoServerPod() {
    for (int i = 0; i < 2; i++) {
      PodSums sums = sums(40, 0, 0);
      sums.leg(Party.CLIENT_SIDECAR, i * 40 * 100 * Nanos.PER_MILLI);
      edge.pod("pod-" + i, sums);
    }
    assertEquals(List.of(), OddPods.slow(edge, Party.CLIENT_SIDECAR, this::usual));
  }

  /** What a verdict calls the app's failure is one at the pod that answered it, too. */
  @ParameterizedTest
  @CsvSource({"200,0,0", "404,-1,0", "200,5,0", "503,-1,1", "429,-1,1", "200,14,1", "200,8,1"})
  void anErrorIsOneForVerdictAndPodAlike(int status, int grpcStatus, int errors) {
    World.Truth t = World.steady("id");
    HalfHop client = answered(Change.client(t), status, grpcStatus);
    HalfHop server = answered(Change.server(t), status, grpcStatus);
    Ledger ledger = new LedgerBuilder(new JoinCounters()).build(client, server, List.of());
    Hop hop = new Hop(client, server, List.of(), ledger);
    EdgeWindow window = new EdgeWindow();
    window.add(new PathNode(hop), new long[Evidence.values().length], Map.of());
    PodSums sums = Objects.requireNonNull(window.pods.get("reviews"));
    assertEquals(errors, sums.errorShare());
    assertEquals(errors == 1, Failures.of(hop, new Edge("a", "b")) != null);
  }

  private static HalfHop answered(HalfHop half, int status, int grpcStatus) {
    Outcome outcome = new Outcome(status, "via_upstream", 0, "", 1);
    SidecarSpan span = Change.grpcStatus(Change.outcome(half.span(), outcome), grpcStatus);
    return new HalfHop(
        span,
        half.node(),
        half.netns(),
        half.startNanos(),
        half.callingApp(),
        half.downstream(),
        half.upstream(),
        half.servingApp(),
        half.pool());
  }

  /** 5 ms a call, none failed. */
  private PodSums usual() {
    return sums(100, 5, 0);
  }

  private void calls(String pod, int calls, long appMillis, int failed) {
    edge.pod(pod, sums(calls, appMillis, failed));
  }

  private static PodSums sums(int calls, long appMillis, int failed) {
    PodSums sums = new PodSums();
    for (int i = 0; i < calls; i++) {
      sums.call(i < failed);
      sums.leg(Party.SERVER_APP, appMillis * Nanos.PER_MILLI);
    }
    return sums;
  }
}
