package io.hoptoll.correlator;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * What a path looks like when it is well: those windows of the recent past that are close to its
 * best ones. Earlier faults so do not become the norm, and no one has to name a good time.
 *
 * @param windows how many windows it stands on
 * @param noiseNanos median absolute deviation of these windows' upper-half means
 */
record Baseline(PathWindow merged, int windows, double noiseNanos) {
  static final Baseline NONE = new Baseline(new PathWindow(), 0, 0);

  /** Fewer requests than this say nothing about a window. */
  private static final int MIN_REQUESTS = 5;

  /** Fewer good windows than this are no baseline. */
  private static final int MIN_WINDOWS = 4;

  /** A window whose median is within this factor of the best decile's is well. */
  private static final double MEDIAN_FACTOR = 1.5;

  /** The same for the mean of the slowest tenth, which varies more. */
  private static final double TAIL_FACTOR = 2.5;

  private record Level(PathWindow window, double median, double tail, double upperHalf) {}

  static Baseline of(Collection<Window> past, String path) {
    List<Level> levels =
        past.stream()
            .map(w -> w.paths.get(path))
            .filter(w -> w != null && w.count() >= MIN_REQUESTS)
            .map(w -> new Level(w, w.quantile(0.5), w.meanTotal(0.9, 1), w.meanTotal(0.5, 1)))
            .toList();
    if (levels.size() < MIN_WINDOWS) {
      return NONE;
    }
    double median = decile(levels.stream().mapToDouble(Level::median).toArray(), 0.1);
    double tail = decile(levels.stream().mapToDouble(Level::tail).toArray(), 0.25);
    List<Level> well =
        levels.stream()
            .filter(l -> l.median() <= MEDIAN_FACTOR * median && l.tail() <= TAIL_FACTOR * tail)
            .toList();
    if (well.size() < MIN_WINDOWS) {
      return NONE;
    }
    PathWindow merged = PathWindow.merge(well.stream().map(Level::window).toList());
    return new Baseline(
        merged, well.size(), deviation(well.stream().mapToDouble(Level::upperHalf).toArray()));
  }

  boolean isKnown() {
    return windows > 0;
  }

  private static double decile(double[] values, double rank) {
    Arrays.sort(values);
    return values[(int) (rank * (values.length - 1))];
  }

  private static double deviation(double[] values) {
    double median = decile(values, 0.5);
    double[] off = Arrays.stream(values).map(v -> Math.abs(v - median)).toArray();
    return decile(off, 0.5);
  }
}
