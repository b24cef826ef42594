package io.hoptoll.model;

import java.util.List;

/**
 * The legs of a hop, in order. They add up to the total, to the nanosecond: checked here, so that a
 * ledger that does not balance cannot exist, neither written nor read.
 *
 * @param startNanos the first mark, on the clock of {@code node}
 * @param totalNanos first mark to last mark
 * @param totalName what the total runs from and to
 * @param marks the marks used, each with its source
 * @param mergedMarks marks left out because they contradicted their neighbours
 */
public record Ledger(
    String node,
    long startNanos,
    long totalNanos,
    String totalName,
    List<Leg> legs,
    List<MarkTime> marks,
    List<Mark> mergedMarks) {

  /** Where a mark's time comes from. */
  public enum Source {
    KERNEL,
    ALS
  }

  /**
   * @param nanos from the ledger's start
   */
  public record MarkTime(Mark mark, long nanos, Source source) {}

  public Ledger {
    legs = List.copyOf(legs);
    marks = List.copyOf(marks);
    mergedMarks = List.copyOf(mergedMarks);
    long at = 0;
    for (Leg leg : legs) {
      if (leg.startNanos() != at) {
        throw new IllegalArgumentException(
            leg.name() + " starts at " + leg.startNanos() + ", not " + at);
      }
      at += leg.nanos();
    }
    if (at != totalNanos) {
      throw new IllegalArgumentException("legs sum to " + at + " ns, total is " + totalNanos);
    }
  }

  /** Nanoseconds of all legs that are exactly this kind. */
  public long nanosOf(LegKind kind) {
    long sum = 0;
    for (Leg leg : legs) {
      sum += leg.kinds() == kind.bit() ? leg.nanos() : 0;
    }
    return sum;
  }

  /** Share (0..1) of the total in legs that one party owns. */
  public double resolvedShare() {
    long resolved = 0;
    for (Leg leg : legs) {
      resolved += leg.party() == Party.UNDETERMINED ? 0 : leg.nanos();
    }
    return totalNanos == 0 ? 1 : (double) resolved / totalNanos;
  }
}
