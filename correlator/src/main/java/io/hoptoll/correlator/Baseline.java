package io.hoptoll.correlator;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a path looks like when it is well: those windows of the recent past that are close to its
 * best ones. Earlier faults so do not become the norm, and no one has to name a good time.
 */
final class Baseline {
  static final Baseline NONE = new Baseline(List.of(), new PathWindow());

  /** Fewer requests than this say nothing about a window. */
  private static final int MIN_REQUESTS = 5;

  /** Fewer good windows than this are no baseline. */
  private static final int MIN_WINDOWS = 4;

  /**
   * Windows of fewer requests are judged together: of twelve, of which each tenth is slow, a third
   * has no slow one, and would make a healthy path's other windows bad.
   */
  private static final int BLOCK_REQUESTS = Sensitivity.Part.TENTH.minRequests;

  /** Where the path has few requests at all, blocks are smaller: so many times the least number. */
  private static final int BLOCKS = 2 * MIN_WINDOWS;

  /** A block whose median is within this factor of the best decile's is well. */
  private static final double MEDIAN_FACTOR = 1.5;

  /** The same for the mean of the slowest tenth, which varies more. */
  private static final double TAIL_FACTOR = 2.5;

  /**
   * Share (0..1) of errors by which a window may exceed those with the fewest: what fails at once
   * is fast, and not well.
   */
  private static final double MORE_ERRORS = 0.05;

  private final List<PathWindow> windows;
  private final PathWindow merged;

  /** Means of each window by actor: every suspect is looked up in them. */
  private final Map<Sensitivity.Part, ActorMeans> actors = new EnumMap<>(Sensitivity.Part.class);

  private final ActorMeans.Numbers numbers = new ActorMeans.Numbers();

  private Baseline(List<PathWindow> windows, PathWindow merged) {
    this.windows = windows;
    this.merged = merged;
  }

  /** Windows that follow each other, but for those left out before. */
  private record Block(List<PathWindow> windows, PathWindow sum) {
    static Block of(List<PathWindow> windows) {
      boolean isOne = windows.size() == 1;
      return new Block(windows, isOne ? windows.get(0) : PathWindow.mergeWithoutLegs(windows));
    }

    double median() {
      return sum.quantile(0.5);
    }

    double tail() {
      return sum.meanTotal(0.9, 1);
    }

    /** Share (0..1) of requests that take longer; one more is always possible. */
    double slowShare(double nanos) {
      return Math.min(1, (sum.totals.countAbove(nanos) + 1.0) / sum.count());
    }

    boolean isChance(double nanos, double usualShare) {
      return isWithinChance(sum.totals.countAbove(nanos), sum.count(), usualShare, usualShare);
    }
  }

  /** All of a range, as the user asked for, well or not; too few requests are no baseline. */
  static Baseline given(Collection<Window> range, String path, int minRequests) {
    List<PathWindow> all = range.stream().map(w -> w.path(path)).filter(Objects::nonNull).toList();
    PathWindow merged = PathWindow.mergeWithoutLegs(all);
    return merged.count() < minRequests ? NONE : new Baseline(all, merged);
  }

  static Baseline of(Collection<Window> past, String path) {
    List<Block> blocks = blocks(answered(past, path));
    if (blocks.size() < MIN_WINDOWS) {
      return NONE;
    }
    double median = ranked(blocks.stream().mapToDouble(Block::median).toArray(), 0.1);
    double tail = ranked(blocks.stream().mapToDouble(Block::tail).toArray(), 0.25);
    double slow = TAIL_FACTOR * tail;
    double usual = ranked(blocks.stream().mapToDouble(b -> b.slowShare(slow)).toArray(), 0.25);
    List<Block> well =
        blocks.stream()
            .filter(b -> b.median() <= MEDIAN_FACTOR * median)
            .filter(b -> b.tail() <= slow || b.isChance(slow, usual))
            .toList();
    List<PathWindow> windows = well.stream().flatMap(b -> b.windows().stream()).toList();
    List<PathWindow> sums = well.stream().map(Block::sum).toList();
    return windows.size() < MIN_WINDOWS
        ? NONE
        : new Baseline(windows, PathWindow.mergeWithoutLegs(sums));
  }

  private static List<Block> blocks(List<PathWindow> windows) {
    long all = windows.stream().mapToLong(PathWindow::count).sum();
    long enough = Math.min(BLOCK_REQUESTS, all / BLOCKS);
    List<Block> blocks = new ArrayList<>();
    List<PathWindow> next = new ArrayList<>();
    long requests = 0;
    for (PathWindow window : windows) {
      next.add(window);
      requests += window.count();
      if (requests >= enough) {
        blocks.add(Block.of(List.copyOf(next)));
        next.clear();
        requests = 0;
      }
    }
    if (!next.isEmpty()) {
      blocks.add(Block.of(List.copyOf(next)));
    }
    boolean isEnough = blocks.size() >= MIN_WINDOWS; // not of a path that was busy once
    return isEnough ? blocks : windows.stream().map(w -> Block.of(List.of(w))).toList();
  }

  /** Those in which no more failed than the path is used to. */
  private static List<PathWindow> answered(Collection<Window> past, String path) {
    List<PathWindow> all =
        past.stream()
            .map(w -> w.path(path))
            .filter(Objects::nonNull)
            .filter(w -> w.count() >= MIN_REQUESTS)
            .toList();
    if (all.isEmpty()) {
      return all;
    }
    double fewest = ranked(all.stream().mapToDouble(Baseline::errorShare).toArray(), 0.1);
    double errors = all.stream().mapToLong(PathWindow::errors).sum();
    double usual = errors / all.stream().mapToLong(PathWindow::count).sum();
    return all.stream()
        .filter(w -> isWithinChance(w.errors(), w.count(), fewest + MORE_ERRORS, usual))
        .toList();
  }

  /** A few errors, or slow requests, among few may be chance: two standard deviations of it. */
  private static boolean isWithinChance(long hit, long requests, double share, double usual) {
    double chance = Math.sqrt(requests * usual * (1 - usual));
    return hit <= share * requests + 2 * chance;
  }

  private static double errorShare(PathWindow w) {
    return (double) w.errors() / w.count();
  }

  boolean isKnown() {
    return !windows.isEmpty();
  }

  /** All windows that it stands on, in one. */
  PathWindow merged() {
    return merged;
  }

  /** What a leg took at a rank of its own among all requests, ns; 0 in those without it. */
  double quantile(Slot leg, double rank) {
    return PathWindow.quantile(windows, leg, rank);
  }

  /**
   * How far an actor's mean in a part of so many requests usually is from its median, ns; more
   * where few windows tell, or few requests are looked at.
   */
  double noise(Actor actor, Sensitivity.Part part, long requests) {
    double[] means = actors.computeIfAbsent(part, this::actors).of(actor);
    if (means.length < 2) {
      return 0;
    }
    double median = ranked(means, 0.5);
    double[] deviations = Arrays.stream(means).map(v -> Math.abs(v - median)).sorted().toArray();
    double deviation = deviations[deviations.length / 2]; // of two in the middle the larger
    double inWindow = (double) merged.count() / means.length;
    return deviation * Chance.ofFewWindows(means.length) * Chance.ofFewRequests(requests, inWindow);
  }

  private ActorMeans actors(Sensitivity.Part part) {
    return new ActorMeans(windows, part, numbers);
  }

  private static double ranked(double[] values, double rank) {
    Arrays.sort(values);
    return values[(int) (rank * (values.length - 1))];
  }
}
