package io.hoptoll.correlator;

import io.hoptoll.model.Cause;
import io.hoptoll.model.Party;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer for one path and time range: where the time went, who is to blame, and how sure that
 * is.
 *
 * @param fromWallNanos start of the range (wall clock)
 * @param toWallNanos its end
 * @param requests requests of the path that ended in it
 * @param findings ranked by time lost; empty when healthy
 * @param legs the mean request of the compared part, largest legs first
 * @param against what the range was compared with
 * @param alsAlone what subtraction of access-log durations alone would blame
 */
public record Verdict(
    String path,
    long fromWallNanos,
    long toWallNanos,
    long requests,
    Status status,
    String headline,
    List<Finding> findings,
    List<LegShare> legs,
    Totals totals,
    Against against,
    @Nullable Blame alsAlone,
    Confidence confidence) {

  /** What can be said. */
  public enum Status {
    HEALTHY,
    DEGRADED,
    INSUFFICIENT_DATA
  }

  /** What a finding is about. */
  public enum Kind {
    LATENCY,
    FAILURE
  }

  /**
   * @param nanos time in the actor's legs, a request of the compared part
   * @param excessNanos by how much more than in the baseline
   * @param share of the compared requests' excess (0..1)
   * @param affected share of the requests that the compared part stands for, or that failed (0..1)
   */
  public record Finding(
      Kind kind,
      Cause cause,
      Party party,
      Actor actor,
      Edge edge,
      double nanos,
      double excessNanos,
      double share,
      double affected,
      List<String> evidence,
      String remedy) {}

  /**
   * One leg of the mean request of the compared part.
   *
   * @param p50Nanos this and the other quantiles: the leg's own, over all requests of the range,
   *     those without it as 0; they are of different requests and do not add up
   */
  public record LegShare(
      Edge edge,
      String leg,
      Party party,
      double nanos,
      double p50Nanos,
      double p90Nanos,
      double p99Nanos,
      double share,
      double excessNanos) {}

  /** Quantiles of the total, ns; the baseline's are 0 where there is none. */
  public record Totals(
      double p50Nanos,
      double p90Nanos,
      double p99Nanos,
      double baselineP50Nanos,
      double baselineP90Nanos,
      double baselineP99Nanos,
      long baselineRequests) {}

  /** Someone blamed, and for how much. */
  public record Blame(Party party, Edge edge, double excessNanos) {}

  /**
   * @param value 0..1
   * @param coverage share of the time that one party owns
   * @param reasons what lowers it, and how to mend that
   */
  public record Confidence(double value, double coverage, List<String> reasons) {
    public Confidence {
      reasons = List.copyOf(reasons);
    }
  }

  public Verdict {
    findings = List.copyOf(findings);
    legs = List.copyOf(legs);
  }
}
