package io.hoptoll.correlator;

import io.hoptoll.model.Leg;
import io.hoptoll.model.Party;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The requests of a path, or the calls of an edge, that ended in one stretch of time.
 *
 * @param fromSecond first second, epoch
 * @param toSecond first second after it
 * @param errors {@link io.hoptoll.model.SidecarSpan#isError}
 * @param meanNanos mean total
 * @param legs the mean request's legs, by edge and kinds; of a path those on the critical path
 */
public record Summary(
    long fromSecond,
    long toSecond,
    long requests,
    long errors,
    double meanNanos,
    double p50Nanos,
    double p90Nanos,
    double p99Nanos,
    List<MeanLeg> legs) {

  /**
   * @param kinds bit set of {@link io.hoptoll.model.LegKind#bit()}
   * @param nanos a request
   */
  public record MeanLeg(Edge edge, long kinds, double nanos) {}

  public Summary {
    legs = List.copyOf(legs);
  }

  /** Nanoseconds a request, by the party that owns them. */
  public Map<Party, Double> parties() {
    Map<Party, Double> sums = new EnumMap<>(Party.class);
    legs.forEach(l -> sums.merge(Leg.party(l.kinds()), l.nanos(), Double::sum));
    return sums;
  }
}
