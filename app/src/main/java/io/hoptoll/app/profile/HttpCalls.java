package io.hoptoll.app.profile;

import io.hoptoll.model.HttpCall;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/** Calls known by their heads, bounded by number: the slowest stay. */
public final class HttpCalls {
  /**
   * A call, and when it began.
   *
   * @param sequence in which it came
   */
  public record Sample(HttpCall call, long beginWallNanos, long sequence) {}

  private static final Comparator<Sample> FASTEST_FIRST =
      Comparator.comparingLong((Sample s) -> s.call().nanos()).thenComparingLong(Sample::sequence);

  private final TreeSet<Sample> samples = new TreeSet<>(FASTEST_FIRST);
  private long calls;
  private long matching;
  private long leftOut;

  void add(HttpCall call, long beginWallNanos, boolean isWanted) {
    calls++;
    if (!isWanted) {
      return;
    }
    matching++;
    samples.add(new Sample(call, beginWallNanos, matching));
    if (samples.size() > Limits.CALLS) {
      samples.pollFirst();
      leftOut++;
    }
  }

  /** Slowest first. */
  public List<Sample> slowest(int limit) {
    return samples.descendingSet().stream().limit(limit).toList();
  }

  /** All, matching or not. */
  public long calls() {
    return calls;
  }

  public long matching() {
    return matching;
  }

  /** Matching ones that slower ones displaced. */
  public long leftOut() {
    return leftOut;
  }
}
