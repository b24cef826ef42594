package io.hoptoll.correlator;

import io.hoptoll.correlator.Verdict.Finding;
import io.hoptoll.correlator.Verdict.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Failures that are more than the path's own usual ones. */
final class FailureFindings {
  /** One cause at one edge, whatever the entries said in words. */
  private record Key(io.hoptoll.model.Cause cause, io.hoptoll.model.Party party, Edge edge) {}

  private static final int MIN_FAILED = 3;
  private static final double MIN_SHARE = 0.01;
  private static final double BASELINE_FACTOR = 3;

  private FailureFindings() {}

  /**
   * @param pods which of an edge's pods fail, in words
   */
  static List<Finding> of(
      PathWindow current, Baseline baseline, Function<Edge, List<String>> pods) {
    Map<Key, Long> now = sum(current.failures());
    Map<Key, Long> before = sum(baseline.merged().failures());
    List<Finding> found = new ArrayList<>();
    now.forEach(
        (key, failed) -> {
          double share = share(failed, current.count());
          double usual = share(before.getOrDefault(key, 0L), baseline.merged().count());
          if (failed >= MIN_FAILED && share >= MIN_SHARE && share > BASELINE_FACTOR * usual) {
            found.add(finding(key, failed, share, usual, current, pods.apply(key.edge())));
          }
        });
    return found;
  }

  private static Finding finding(
      Key key, long failed, double share, double usual, PathWindow current, List<String> pods) {
    List<String> evidence = new ArrayList<>();
    evidence.add(
        failed
            + " of "
            + current.count()
            + " requests hit ("
            + Words.percent(share)
            + ", usually "
            + Words.percent(usual)
            + ")");
    current.failures().entrySet().stream()
        .filter(e -> key(e.getKey()).equals(key))
        .sorted(Map.Entry.<Failure, Long>comparingByValue().reversed())
        .limit(3)
        .forEach(e -> evidence.add(e.getValue() + " × " + e.getKey().said()));
    evidence.addAll(pods);
    return new Finding(
        Kind.FAILURE,
        key.cause(),
        key.party(),
        Actor.of(key.edge(), key.party()),
        key.edge(),
        0,
        0,
        0,
        Math.min(1, share),
        evidence,
        Remedies.of(key.cause()));
  }

  private static Map<Key, Long> sum(Map<Failure, Long> failures) {
    Map<Key, Long> sums = new HashMap<>();
    failures.forEach((f, n) -> sums.merge(key(f), n, Long::sum));
    return sums;
  }

  private static Key key(Failure f) {
    return new Key(f.cause(), f.party(), f.edge());
  }

  private static double share(long part, long all) {
    return all == 0 ? 0 : (double) part / all;
  }
}
