package io.hoptoll.correlator;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one path in one window. Totals and each leg of each edge have a sketch, for
 * quantiles. The composition of the tail cannot come from those (the p99 of the legs are of
 * different requests and do not add up): per coarse bucket of the total the sum of every leg is
 * kept beside them, so that the slow requests' own legs are known.
 */
final class PathWindow {
  private static final Slots NO_SLOTS = new Slots();

  /** Windows that are merged sketch by sketch; of more the sums are made in an array. */
  private static final int FEW = 8;

  /** How long so few of the slowest took is not what is usual. */
  private static final double RARE = 5;

  final Slots slots;
  final TreeMap<Integer, Bucket> buckets = new TreeMap<>();
  final Sketch totals;

  /** By slot; null: not a leg, or a packed one. */
  private @Nullable Sketch[] legs = {};

  private final @Nullable PackedLegs packed;

  private final Map<Edge, EdgeSlots> byEdge = new HashMap<>(4);
  private final Map<Failure, Long> failures = new HashMap<>(4);

  PathWindow() {
    this.slots = new Slots();
    this.totals = new Sketch();
    this.packed = null;
  }

  /**
   * One from the archive, which no request comes to any more.
   *
   * @param slots those of all windows of the path that one question reads
   */
  PathWindow(Slots slots, Sketch totals, PackedLegs packed) {
    this.slots = slots;
    this.totals = totals;
    this.packed = packed;
  }

  /** Counts a request, and gives the bucket for its legs and evidence. */
  Bucket request(long totalNanos, boolean isError) {
    totals.add(totalNanos);
    Bucket bucket = bucket(Bucket.index(totalNanos));
    bucket.count++;
    bucket.totalNanos += totalNanos;
    bucket.errors += isError ? 1 : 0;
    return bucket;
  }

  /** The sum of one leg in one request of the bucket. */
  void leg(Bucket bucket, int slot, long nanos) {
    bucket.add(slot, nanos);
    leg(slot).add(nanos);
  }

  EdgeSlots slotsOf(Edge edge) {
    EdgeSlots known = byEdge.get(edge);
    if (known == null) {
      known = new EdgeSlots(edge, slots);
      byEdge.put(edge, known);
    }
    return known;
  }

  Bucket bucket(int index) {
    Bucket known = buckets.get(index);
    if (known == null) {
      known = new Bucket(slots);
      buckets.put(index, known);
    }
    return known;
  }

  /** The sketch of a leg, made where there is none. */
  Sketch leg(int slot) {
    if (slot >= legs.length) {
      legs = Arrays.copyOf(legs, Math.max(slot + 1, slots.size()));
    }
    Sketch own = legs[slot];
    if (own == null) {
      own = new Sketch();
      legs[slot] = own;
    }
    return own;
  }

  @Nullable Sketch legOrNull(int slot) {
    if (packed != null) {
      return packed.read(slot);
    }
    return slot >= 0 && slot < legs.length ? legs[slot] : null;
  }

  static PathWindow merge(Collection<PathWindow> windows) {
    return merge(windows, true);
  }

  /** The same for who asks for no leg's quantiles: of archived windows a tenth of the work. */
  static PathWindow mergeWithoutLegs(Collection<PathWindow> windows) {
    return merge(windows, false);
  }

  private static PathWindow merge(Collection<PathWindow> windows, boolean withLegs) {
    PathWindow all = new PathWindow();
    boolean few = withLegs && windows.size() <= FEW;
    boolean many = withLegs && !few;
    List<int[]> there = new ArrayList<>(many ? windows.size() : 0);
    Slots of = all.slots;
    int[] here = {};
    int[] inverse = {};
    for (PathWindow w : windows) {
      if (w.slots != of) {
        of = w.slots;
        here = all.slots.of(of);
        inverse = many ? inverse(here, all.slots.size()) : inverse;
      }
      all.add(w, here);
      if (few) {
        all.addLegs(w, here);
      } else if (many) {
        there.add(inverse);
      }
    }
    if (many) {
      all.sumLegs(windows, there);
    }
    return all;
  }

  private void add(PathWindow other, int[] here) {
    other.buckets.forEach((i, b) -> bucket(i).add(b, here));
    totals.add(other.totals);
    other.failures.forEach(this::failed);
  }

  private void addLegs(PathWindow other, int[] here) {
    for (int i = 0; i < here.length; i++) {
      Sketch leg = other.legOrNull(i);
      if (leg != null) {
        leg(here[i]).add(leg);
      }
    }
  }

  /**
   * One leg of all windows after the other.
   *
   * @param there for each window and each slot here the one there; -1: it has none
   */
  private void sumLegs(Collection<PathWindow> windows, List<int[]> there) {
    SketchSum sum = new SketchSum();
    legs = new Sketch[slots.size()];
    for (int slot = 0; slot < legs.length; slot++) {
      int number = 0;
      for (PathWindow w : windows) {
        int[] own = there.get(number++);
        w.addLegTo(sum, slot < own.length ? own[slot] : -1);
      }
      if (!sum.isEmpty()) {
        legs[slot] = sum.take();
      }
    }
  }

  private void addLegTo(SketchSum sum, int slot) {
    if (packed != null) {
      packed.addTo(sum, slot);
    } else if (slot >= 0 && slot < legs.length && legs[slot] != null) {
      sum.add(legs[slot]);
    }
  }

  /** For each slot here the one there; -1: there is none. */
  private static int[] inverse(int[] here, int size) {
    int[] there = new int[size];
    Arrays.fill(there, -1);
    for (int i = 0; i < here.length; i++) {
      there[here[i]] = i;
    }
    return there;
  }

  /**
   * Counts requests that failed; kinds of failure beyond the bound are left out. Of many addresses
   * that failed, those that come last are told without one.
   */
  void failed(Failure failure, long n) {
    boolean isCrowded = 2 * failures.size() >= Limits.FAILURES_PER_PATH;
    Failure told = isCrowded && !failures.containsKey(failure) ? failure.withoutAddress() : failure;
    if (failures.size() < Limits.FAILURES_PER_PATH || failures.containsKey(told)) {
      failures.merge(told, n, Long::sum);
    }
  }

  Map<Failure, Long> failures() {
    return failures;
  }

  long count() {
    return totals.count();
  }

  /** {@link io.hoptoll.model.SidecarSpan#isError}. */
  long errors() {
    return buckets.values().stream().mapToLong(b -> b.errors).sum();
  }

  /** Mean total of the requests between two ranks (0..1), ns; 0 where there are none. */
  double meanTotal(double fromRank, double toRank) {
    return composing(fromRank, toRank, new Composition.Builder(NO_SLOTS)).meanTotalNanos();
  }

  /**
   * How far the mean total between two ranks strays by chance alone in so many requests, ns: its
   * standard error, by the influence function of a trimmed mean (Huber, Robust Statistics, 3.3).
   * What only some requests take it is large for: a few more of these, or fewer, move the mean.
   * Where these begin just beyond a rank they may come within it, so the ranks stray, too; what
   * happened a few times only is no spread.
   */
  double standardError(double fromRank, double toRank, long requests) {
    double n = count();
    double least = quantile(fromRank - 2 * rankError(fromRank, requests));
    double most = quantile(Math.min(toRank + 2 * rankError(toRank, requests), 1 - RARE / n));
    double sum = 0;
    double squares = 0;
    for (Bucket b : buckets.values()) {
      double mean = Math.max(least, Math.min(most, (double) b.totalNanos / b.count));
      sum += b.count * mean;
      squares += b.count * mean * mean;
    }
    double variance = n == 0 ? 0 : Math.max(0, squares / n - sum / n * (sum / n));
    return Math.sqrt(variance / Math.max(1, requests)) / (toRank - fromRank);
  }

  /** Standard deviation of the share (0..1) of so many requests below a rank. */
  private static double rankError(double rank, long requests) {
    return Math.sqrt(rank * (1 - rank) / Math.max(1, requests));
  }

  /** Mean total and mean legs of the requests between two ranks of the total. */
  Composition compose(double fromRank, double toRank) {
    return composing(fromRank, toRank).build();
  }

  /** The same, by slot. */
  Composition.Builder composing(double fromRank, double toRank) {
    return composing(fromRank, toRank, new Composition.Builder(slots));
  }

  private Composition.Builder composing(double fromRank, double toRank, Composition.Builder c) {
    double n = count();
    double lo = fromRank * n;
    double hi = toRank * n;
    double seen = 0;
    for (Bucket b : buckets.values()) {
      double part = Math.min(hi, seen + b.count) - Math.max(lo, seen);
      if (part > 0) {
        c.add(b, part / b.count);
      }
      seen += b.count;
    }
    return c;
  }

  /** The total at a rank, ns. */
  double quantile(double rank) {
    return totals.quantile(rank);
  }

  /** The same as of the merged windows, for one leg without the others. */
  static double quantile(Collection<PathWindow> windows, Slot leg, double rank) {
    SketchSum sum = new SketchSum();
    long requests = 0;
    for (PathWindow w : windows) {
      w.addLegTo(sum, w.slots.find(leg));
      requests += w.count();
    }
    return sum.isEmpty() ? 0 : sum.take().quantile(rank, requests);
  }

  /** What a leg took at a rank of its own among all requests, ns; 0 in those without it. */
  double quantile(Slot leg, double rank) {
    Sketch own = legOrNull(slots.find(leg));
    return own == null ? 0 : own.quantile(rank, totals.count());
  }
}
