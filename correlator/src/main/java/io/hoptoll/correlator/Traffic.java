package io.hoptoll.correlator;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What passed, by path and by edge, in any range: reads windows, judges nothing. */
public final class Traffic {
  /** Sums of one edge, beside its {@link Summary}. */
  public record EdgeTraffic(
      Edge edge,
      Summary summary,
      long retransmits,
      long connectionsOpened,
      long synRetransmits,
      double minRttMicros) {}

  /** Means of the requests between two ranks of the total. */
  public record TailPart(double fromRank, double toRank, Summary summary) {}

  private static final double[] RANKS = {0, 0.5, 0.9, 0.99, 1};

  private final Windows windows;

  Traffic(Windows windows) {
    this.windows = windows;
  }

  /** Every path with requests in the range. */
  public Map<String, Summary> paths(long fromSecond, long toSecond) {
    Map<String, List<PathWindow>> byPath = new HashMap<>();
    for (Window w : windows.between(fromSecond, toSecond)) {
      w.eachPath((path, pw) -> byPath.computeIfAbsent(path, p -> new ArrayList<>()).add(pw));
    }
    Map<String, Summary> all = new HashMap<>();
    byPath.forEach(
        (path, own) ->
            all.put(path, summary(fromSecond, toSecond, PathWindow.mergeWithoutLegs(own), 0, 1)));
    return all;
  }

  /** One summary a step, also of steps without requests. */
  public List<Summary> path(String path, long fromSecond, long toSecond, long stepSeconds) {
    List<Summary> series = new ArrayList<>();
    for (long at = fromSecond; at < toSecond; at += stepSeconds) {
      long end = Math.min(toSecond, at + stepSeconds);
      series.add(summary(at, end, merged(path, at, end), 0, 1));
    }
    return series;
  }

  /** The requests of a path in parts by rank of their total, fastest part first. */
  public List<TailPart> tail(String path, long fromSecond, long toSecond) {
    PathWindow all = merged(path, fromSecond, toSecond);
    List<TailPart> parts = new ArrayList<>();
    for (int i = 0; i + 1 < RANKS.length; i++) {
      Summary s = summary(fromSecond, toSecond, all, RANKS[i], RANKS[i + 1]);
      parts.add(new TailPart(RANKS[i], RANKS[i + 1], s));
    }
    return parts;
  }

  /** Every edge with calls in the range. */
  public List<EdgeTraffic> edges(long fromSecond, long toSecond) {
    Map<Edge, EdgeWindow> sums = new HashMap<>();
    for (Window w : windows.between(fromSecond, toSecond)) {
      w.eachEdge((edge, ew) -> sums.computeIfAbsent(edge, e -> new EdgeWindow()).add(ew));
    }
    List<EdgeTraffic> all = new ArrayList<>(sums.size());
    sums.forEach(
        (edge, sum) -> {
          if (sum.totals.count() > 0) { // not only tried, or waited for
            all.add(edge(edge, fromSecond, toSecond, sum));
          }
        });
    return all;
  }

  /** One summary a step, also of steps without calls. */
  public List<EdgeTraffic> edge(Edge edge, long fromSecond, long toSecond, long stepSeconds) {
    List<EdgeTraffic> series = new ArrayList<>();
    for (long at = fromSecond; at < toSecond; at += stepSeconds) {
      long end = Math.min(toSecond, at + stepSeconds);
      EdgeWindow sum = new EdgeWindow();
      windows.between(at, end).stream()
          .map(w -> w.edge(edge))
          .filter(Objects::nonNull)
          .forEach(sum::add);
      series.add(edge(edge, at, end, sum));
    }
    return series;
  }

  private PathWindow merged(String path, long fromSecond, long toSecond) {
    Collection<PathWindow> own = new ArrayList<>();
    for (Window w : windows.between(fromSecond, toSecond)) {
      PathWindow pw = w.path(path);
      if (pw != null) {
        own.add(pw);
      }
    }
    return PathWindow.mergeWithoutLegs(own);
  }

  private static Summary summary(
      long fromSecond, long toSecond, PathWindow all, double fromRank, double toRank) {
    Composition c = all.compose(fromRank, toRank);
    List<Summary.MeanLeg> legs = new ArrayList<>();
    c.means()
        .forEach(
            (slot, mean) -> {
              if (slot.evidence() == null) {
                legs.add(new Summary.MeanLeg(slot.edge(), slot.kinds(), mean));
              }
            });
    return new Summary(
        fromSecond,
        toSecond,
        Math.round(c.requests()),
        all.errors(),
        c.meanTotalNanos(),
        all.quantile(0.5),
        all.quantile(0.9),
        all.quantile(0.99),
        legs);
  }

  private static EdgeTraffic edge(Edge edge, long fromSecond, long toSecond, EdgeWindow w) {
    long n = w.totals.count();
    List<Summary.MeanLeg> legs = new ArrayList<>(w.legs.size());
    w.legs.each((kinds, sum) -> legs.add(new Summary.MeanLeg(edge, kinds, (double) sum / n)));
    Summary summary =
        new Summary(
            fromSecond,
            toSecond,
            n,
            w.sum(Evidence.ERRORS),
            w.totals.mean(),
            w.totals.quantile(0.5),
            w.totals.quantile(0.9),
            w.totals.quantile(0.99),
            legs);
    return new EdgeTraffic(
        edge,
        summary,
        w.sum(Evidence.RETRANSMITS),
        w.sum(Evidence.CONNECTIONS_OPENED),
        w.sum(Evidence.SYN_RETRANSMITS),
        n == 0 ? 0 : (double) w.sum(Evidence.MIN_RTT_MICROS) / n);
  }
}
