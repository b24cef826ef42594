package io.hoptoll.correlator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hoptoll.model.Nanos;
import io.hoptoll.model.Party;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Which of a workload's pods are named beside it. */
class OddPodsTest {
  private final Map<String, PodSums> pods = new TreeMap<>();

  @Test
  void oneSlowPodAmongThree() {
    calls("a", 40, 5, 0);
    calls("b", 40, 120, 0);
    calls("c", 40, 6, 0);
    assertEquals(
        List.of(
            "only at 1 of 3 pods: b (120.0 ms a call); at the others at most 6.00 ms a call: look"
                + " at these pods and their nodes first"),
        OddPods.slow(pods, Party.SERVER_APP));
    assertEquals(List.of(), OddPods.slow(pods, Party.TRANSPORT));
    assertEquals(List.of(), OddPods.failing(pods));
  }

  @Test
  void allSlowAlikeIsTheWorkload() {
    calls("a", 40, 110, 0);
    calls("b", 40, 120, 0);
    calls("c", 40, 100, 0);
    assertEquals(List.of(), OddPods.slow(pods, Party.SERVER_APP));
  }

  @Test
  void oneAloneOrHardlyCalledIsNotOdd() {
    calls("a", 40, 120, 0);
    calls("b", 4, 5, 0);
    assertEquals(List.of(), OddPods.slow(pods, Party.SERVER_APP));
  }

  @Test
  void theOneThatFails() {
    calls("a", 40, 5, 0);
    calls("b", 40, 5, 20);
    assertEquals(
        List.of(
            "only at 1 of 2 pods: b (50 % of calls failed); at the others at most 0 % of calls"
                + " failed: look at these pods and their nodes first"),
        OddPods.failing(pods));
  }

  @Test
  void aHopIsCountedAtThePodThatServedIt() {
    EdgeWindow window = new EdgeWindow();
    PathNode node = OneHop.node();
    window.add(node.hop(), new long[Evidence.values().length], Map.of());
    PodSums sums = Objects.requireNonNull(window.pods.get("reviews"));
    assertEquals(1, sums.calls());
    assertEquals(0, sums.errorShare());
    assertEquals(2_500_000, sums.mean(Party.SERVER_APP), 200_000);
  }

  private void calls(String pod, int calls, long appMillis, int failed) {
    PodSums sums = new PodSums();
    for (int i = 0; i < calls; i++) {
      sums.call(i < failed);
      sums.leg(Party.SERVER_APP, appMillis * Nanos.PER_MILLI);
    }
    pods.put(pod, sums);
  }
}
