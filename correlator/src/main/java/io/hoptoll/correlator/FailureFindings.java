package io.hoptoll.correlator;

import io.hoptoll.correlator.Verdict.Finding;
import io.hoptoll.correlator.Verdict.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Failures that are more than the path's own usual ones. */
final class FailureFindings {
  private static final int MIN_FAILED = 3;
  private static final double MIN_SHARE = 0.01;
  private static final double BASELINE_FACTOR = 3;
  private static final int SAID = 3;

  private FailureFindings() {}

  /**
   * @param pods which of an edge's pods fail, in words
   */
  static List<Finding> of(
      PathWindow current, Baseline baseline, Function<Edge, List<String>> pods) {
    return of(current, baseline, current.count(), baseline.merged().count(), pods);
  }

  /**
   * The same of failures that many other requests had the chance of.
   *
   * @param requests all of them
   * @param usually the same of the baseline
   */
  static List<Finding> of(
      PathWindow current,
      Baseline baseline,
      long requests,
      long usually,
      Function<Edge, List<String>> pods) {
    Map<Failure.Key, Long> now = sum(current);
    Map<Failure.Key, Long> before = sum(baseline.merged());
    List<Finding> found = new ArrayList<>();
    now.forEach(
        (key, failed) -> {
          double share = share(failed, requests);
          double usual = share(before.getOrDefault(key, 0L), usually);
          boolean isMore =
              share > BASELINE_FACTOR * usual && failed > Chance.most(usual * requests);
          if (failed >= MIN_FAILED && share >= MIN_SHARE && isMore) {
            found.add(finding(key, failed, requests, share, usual, current, pods));
          }
        });
    return found;
  }

  private static Finding finding(
      Failure.Key key,
      long failed,
      long requests,
      double share,
      double usual,
      PathWindow current,
      Function<Edge, List<String>> pods) {
    List<Map.Entry<Failure, Long>> own =
        current.failures().entrySet().stream()
            .filter(e -> e.getKey().key().equals(key))
            .sorted(Map.Entry.<Failure, Long>comparingByValue().reversed())
            .toList();
    Edge edge = own.get(0).getKey().edge();
    List<String> evidence = new ArrayList<>();
    evidence.add(
        failed
            + " of "
            + requests
            + " requests hit ("
            + Words.percent(share)
            + ", usually "
            + Words.percent(usual)
            + ")");
    said(own).forEach(evidence::add);
    evidence.addAll(pods.apply(edge));
    return new Finding(
        Kind.FAILURE,
        key.cause(),
        key.party(),
        Actor.of(edge, key.party()),
        edge,
        0,
        0,
        0,
        Math.min(1, share),
        evidence,
        Remedies.of(key.cause()));
  }

  /** The commonest words, whichever caller heard them. */
  private static List<String> said(List<Map.Entry<Failure, Long>> failures) {
    Map<String, Long> counts = new LinkedHashMap<>();
    failures.forEach(e -> counts.merge(e.getKey().said(), e.getValue(), Long::sum));
    return counts.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .limit(SAID)
        .map(e -> e.getValue() + " × " + e.getKey())
        .toList();
  }

  /** Requests hit; of an archive of before they were counted once each, no more than there were. */
  private static Map<Failure.Key, Long> sum(PathWindow window) {
    Map<Failure.Key, Long> sums = new HashMap<>();
    window.failures().forEach((f, n) -> sums.merge(f.key(), n, Long::sum));
    sums.replaceAll((key, n) -> Math.min(n, window.count()));
    return sums;
  }

  private static double share(long part, long all) {
    return all == 0 ? 0 : (double) part / all;
  }
}
