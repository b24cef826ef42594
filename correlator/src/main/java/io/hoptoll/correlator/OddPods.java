package io.hoptoll.correlator;

import io.hoptoll.model.Party;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleFunction;
import java.util.function.Supplier;
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

  /** One failure or two are chance. */
  private static final long MIN_FAILED = 3;

  /** How many standard deviations two shares of failed calls lie apart that are no chance. */
  private static final double SIGMAS = 3;

  /**
   * Variances more for each pod: the odd ones were chosen among 2^pods groups, and the largest of
   * so many normal deviations has a square of about 2 ln(2^pods).
   */
  private static final double CHOICE = 2 * Math.log(2);

  private static final int NAMED = 3;

  private interface Difference {
    /**
     * @param odd the odd pods, taken together
     * @param others likewise
     * @param pods of both sorts
     */
    boolean isReal(PodSums odd, PodSums others, int pods);
  }

  /**
   * @param badness of a pod
   * @param least smallest difference that counts
   * @param difference whether it is more than chance
   */
  private record Measure(
      ToDoubleFunction<PodSums> badness,
      double least,
      Difference difference,
      DoubleFunction<String> words) {

    String of(PodSums pod) {
      return words.apply(badness.applyAsDouble(pod));
    }
  }

  private static final Measure FAILING =
      new Measure(
          PodSums::errorShare,
          0.05,
          OddPods::failsMore,
          v -> Words.percent(v) + " of calls failed");

  private OddPods() {}

  /**
   * Which of the pods are slow, as evidence; empty: none, or all alike.
   *
   * @param usual all pods together, before
   */
  static List<String> slow(EdgeWindow calls, Party party, Supplier<PodSums> usual) {
    return odd(
        calls,
        usual,
        new Measure(
            p -> p.mean(party), 2e6, (odd, others, n) -> true, v -> Words.millis(v) + " a call"));
  }

  /** Which of them fail. */
  static List<String> failing(EdgeWindow calls, Supplier<PodSums> usual) {
    return odd(calls, usual, FAILING);
  }

  private static List<String> odd(EdgeWindow calls, Supplier<PodSums> usual, Measure measure) {
    List<Map.Entry<String, PodSums>> worstFirst =
        calls.pods.entrySet().stream()
            .filter(e -> e.getValue().calls() >= MIN_CALLS)
            .sorted(
                Comparator.comparingDouble(
                        (Map.Entry<String, PodSums> e) ->
                            measure.badness().applyAsDouble(e.getValue()))
                    .reversed())
            .toList();
    double[] bad =
        worstFirst.stream()
            .mapToDouble(e -> measure.badness().applyAsDouble(e.getValue()))
            .toArray();
    int odd = widestGap(bad);
    if (odd == 0
        || bad[odd - 1] < FACTOR * bad[odd]
        || bad[odd - 1] - bad[odd] < measure.least()
        || !measure
            .difference()
            .isReal(sum(worstFirst, 0, odd), sum(worstFirst, odd, bad.length), bad.length)) {
      return List.of();
    }
    boolean usually = bad[odd] - measure.badness().applyAsDouble(usual.get()) < measure.least();
    String names =
        worstFirst.stream()
            .limit(Math.min(odd, NAMED))
            .map(e -> e.getKey() + " (" + measure.of(e.getValue()) + ")")
            .collect(Collectors.joining(", "));
    return List.of(
        (usually ? "only at " : "mostly at ")
            + odd
            + " of "
            + pods(bad.length, calls)
            + ": "
            + names
            + "; at the others at most "
            + measure.of(worstFirst.get(odd).getValue())
            + ": look at these pods and their nodes first");
  }

  /** Those that were compared, and what is not known of more. */
  private static String pods(int compared, EdgeWindow calls) {
    long more = calls.otherPods.calls();
    return more == 0 && compared == calls.pods.size()
        ? compared + " pods"
        : "the "
            + compared
            + " pods told apart"
            + (more == 0 ? "" : " (" + more + " calls at more)");
  }

  private static PodSums sum(List<Map.Entry<String, PodSums>> pods, int from, int to) {
    PodSums sum = new PodSums();
    pods.subList(from, to).forEach(e -> sum.add(e.getValue()));
    return sum;
  }

  /** The test of two proportions, with their common variance. */
  private static boolean failsMore(PodSums odd, PodSums others, int pods) {
    double calls = odd.calls() + others.calls();
    double share = (odd.errors() + others.errors()) / calls;
    double variance = share * (1 - share) * (1.0 / odd.calls() + 1.0 / others.calls());
    double difference = odd.errorShare() - others.errorShare();
    double least = Math.sqrt((SIGMAS * SIGMAS + CHOICE * pods) * variance);
    return odd.errors() >= MIN_FAILED && difference > least;
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
