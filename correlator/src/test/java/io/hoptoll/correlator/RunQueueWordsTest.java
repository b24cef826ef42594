package io.hoptoll.correlator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hoptoll.model.Nanos;
import io.hoptoll.model.ProcessSample;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** When a verdict cites the wait for a CPU, and what it says of it. */
class RunQueueWordsTest {
  @Test
  void contentionIsToldFromAQuota() {
    assertEquals(
        List.of(
            "held",
            "it waited 310.0 ms on the run queue, 61 times: too few CPUs for what runs on this"
                + " node"),
        words(waited(310, 0), ProcessTime.NONE));
    assertEquals(
        List.of(
            "held",
            "it waited 310.0 ms on the run queue, 61 times: its quota, or others on the node's"
                + " CPUs"),
        words(waited(310, 3), ProcessTime.NONE));
  }

  @Test
  void whatItAlwaysWaitedOrTooLittleIsNotCited() {
    assertEquals(List.of("held"), words(waited(310, 0), waited(300, 0)));
    assertEquals(List.of("held"), words(waited(49, 0), ProcessTime.NONE));
    assertEquals(List.of("held"), words(ProcessTime.NONE, ProcessTime.NONE));
  }

  @Test
  void aProcessOfWhichNothingIsKnownHasNotWaited() {
    ProcessTime time = new ProcessTime();
    time.add(sample(Nanos.UNSET, 0));
    assertEquals(List.of("held"), words(time, ProcessTime.NONE));
  }

  private static List<String> words(ProcessTime now, ProcessTime before) {
    Composition current = new Composition(1, 1, Map.of());
    Actor actor = new Actor(Actor.Kind.SIDECAR, "x");
    Edge edge = new Edge("a", "b");
    return RunQueueWords.beside(
        new Suspect(actor, edge, Map.of(), current, current, now, before, new EdgeWindow()),
        "it",
        "held");
  }

  private static ProcessTime waited(long millis, int throttledPeriods) {
    ProcessTime time = new ProcessTime();
    time.add(sample(millis * Nanos.PER_MILLI, throttledPeriods));
    return time;
  }

  private static ProcessSample sample(long waitedNanos, int throttledPeriods) {
    return new ProcessSample(
        "n", 1, 7, "x", 0, Nanos.PER_SECOND, 0, 0, throttledPeriods, waitedNanos, 61, false);
  }
}
