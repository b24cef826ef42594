package io.hoptoll.correlator;

import io.hoptoll.model.Party;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * Of a workload's pods, those that do the same work worse than the others: one bad replica or node
 * is no matter of the workload.
 */
final class OddPods {
  /** Fewer calls say nothing about a pod. */
  private static final long MIN_CALLS = 5;

  /** The best of the bad is so many times as bad as the worst of the others. */
  private static final double FACTOR = 2;

  private static final double MIN_NANOS = 2e6;
  private static final double MIN_ERRORS = 0.05;
  private static final int NAMED = 3;

  private OddPods() {}

  /** Which of the pods are slow, as evidence; empty: none, or all alike. */
  static List<String> slow(Map<String, PodSums> pods, Party party) {
    return odd(pods, p -> p.mean(party), MIN_NANOS, v -> Words.millis(v) + " a call");
  }

  /** Which of them fail. */
  static List<String> failing(Map<String, PodSums> pods) {
    return odd(pods, PodSums::errorShare, MIN_ERRORS, v -> Words.percent(v) + " of calls failed");
  }

  private static List<String> odd(
      Map<String, PodSums> pods,
      ToDoubleFunction<PodSums> badness,
      double least,
      DoubleFunction<String> words) {
    List<Map.Entry<String, PodSums>> worstFirst =
        pods.entrySet().stream()
            .filter(e -> e.getValue().calls() >= MIN_CALLS)
            .sorted(
                Comparator.comparingDouble(
                        (Map.Entry<String, PodSums> e) -> badness.applyAsDouble(e.getValue()))
                    .reversed())
            .toList();
    double[] bad =
        worstFirst.stream().mapToDouble(e -> badness.applyAsDouble(e.getValue())).toArray();
    int odd = widestGap(bad);
    if (odd == 0 || bad[odd - 1] < FACTOR * bad[odd] || bad[odd - 1] - bad[odd] < least) {
      return List.of();
    }
    String names =
        worstFirst.stream()
            .limit(Math.min(odd, NAMED))
            .map(e -> e.getKey() + " (" + words.apply(badness.applyAsDouble(e.getValue())) + ")")
            .collect(Collectors.joining(", "));
    return List.of(
        "only at "
            + odd
            + " of "
            + bad.length
            + " pods: "
            + names
            + "; at the others at most "
            + words.apply(bad[odd])
            + ": look at these pods and their nodes first");
  }

  /** How many lie above the widest gap; 0 where there is none. */
  private static int widestGap(double[] descending) {
    int above = 0;
    double widest = 0;
    for (int i = 1; i < descending.length; i++) {
      double gap = descending[i - 1] - descending[i];
      if (gap > widest) {
        widest = gap;
        above = i;
      }
    }
    return above;
  }
}
