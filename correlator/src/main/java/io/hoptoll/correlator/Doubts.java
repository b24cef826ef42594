package io.hoptoll.correlator;

import io.hoptoll.correlator.Verdict.Confidence;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** What a verdict stands on: why to believe it less, in numbers and with what would mend it. */
final class Doubts {
  private static final double FULL_JOIN = 0.99;
  private static final double GOOD_COVERAGE = 0.9;
  private static final int GOOD_SAMPLE = 50;

  /** Where no request ended, a verdict stands on those that wait alone. */
  private static final double SOCKETS_ALONE = 0.7;

  /** Fewer requests say nothing of a share of 1 %. */
  private static final int MIN_COMPARED = 100;

  private Doubts() {}

  static List<String> of(
      long requests,
      Baseline baseline,
      Comparison c,
      Collection<Window> range,
      double joinedShare,
      Sensitivity sensitivity) {
    List<String> doubts = new ArrayList<>();
    if (!baseline.isKnown()) {
      doubts.add(
          "no baseline: too few earlier windows of this path; absolute limits are used instead");
    }
    if (requests < GOOD_SAMPLE) {
      doubts.add(
          requests < sensitivity.minRequests()
              ? "few requests: " + requests + " (at least " + sensitivity.minRequests() + " needed)"
              : "few requests: " + requests + " (from " + GOOD_SAMPLE + " on they are no doubt)");
    }
    if (joinedShare < FULL_JOIN) {
      doubts.add(
          "only "
              + Words.percent(joinedShare)
              + " of the hops have both spans and all socket ends; see /healthz for the reasons");
    }
    if (requests > 0 && c.coverage() < GOOD_COVERAGE) {
      doubts.add(
          Words.percent(1 - c.coverage())
              + " of the time lies in legs that span several parties: an agent or a sidecar's log is"
              + " missing, or the server is outside the mesh");
    }
    double oneLeg = c.bothWaysShare();
    if (oneLeg > 1 - GOOD_COVERAGE) {
      doubts.add(
          Words.percent(oneLeg)
              + " of the time is transport between nodes whose clocks are not known well enough to"
              + " tell the request's way from the answer's (see explain)");
    }
    long lost = range.stream().mapToLong(Window::ringLost).sum();
    if (lost > 0) {
      doubts.add(lost + " kernel records lost (ring full) in the range");
    }
    double untold = untoldShare(range);
    if (untold > 1 - FULL_JOIN) {
      doubts.add(
          "about "
              + Words.percent(untold)
              + " of the requests that the sidecars' sockets served are in no access log: entries"
              + " lost on their way (see /healthz, correlator.accessLogs), or filtered by a"
              + " Telemetry");
    }
    long shed = range.stream().mapToLong(Window::shed).sum();
    if (shed > 0) {
      doubts.add(
          shed
              + " entries left out under load in the range, by request id: what is counted is a"
              + " sample; give the server more CPU");
    }
    return doubts;
  }

  /** Share (0..1) of the requests that sockets saw and access logs did not, where it is known. */
  private static double untoldShare(Collection<Window> range) {
    long told = range.stream().mapToLong(Window::told).sum();
    long untold = range.stream().mapToLong(Window::untold).sum();
    return told + untold < MIN_COMPARED ? 0 : (double) untold / (told + untold);
  }

  /** Of requests that have not ended nothing else tells. */
  static Confidence socketsAlone(List<String> doubts) {
    return new Confidence(SOCKETS_ALONE, 0, doubts);
  }

  static Confidence confidence(
      long requests,
      Baseline baseline,
      Comparison c,
      Collection<Window> range,
      double joinedShare,
      List<String> doubts) {
    double samples = Math.min(1, requests / (double) GOOD_SAMPLE);
    double value =
        c.coverage()
            * Math.min(1, joinedShare / FULL_JOIN)
            * (1 - untoldShare(range))
            * (0.5 + samples / 2)
            * (baseline.isKnown() ? 1 : 0.8);
    return new Confidence(value, c.coverage(), doubts);
  }
}
