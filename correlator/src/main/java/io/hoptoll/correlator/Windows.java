package io.hoptoll.correlator;

import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.ProcessSample;
import io.hoptoll.model.SidecarSpan;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A ring of one-second windows by event time (the request's end on the wall clock); older ones are
 * merged into ten-second windows, then forgotten. Late requests amend their window.
 */
final class Windows {
  private static final int FINE_SECONDS = 120;
  private static final int COARSE = 10;

  /** Of so many windows the good ones can be told. */
  private static final int PAST_WINDOWS = 12;

  private static final Edge OTHER_EDGE = new Edge(Routes.OTHER, Routes.OTHER);

  final TransportLog transport = new TransportLog();
  final Unacknowledged unacknowledged = new Unacknowledged();
  private final TreeMap<Long, Window> windows = new TreeMap<>();
  private final Map<String, Path> paths = new HashMap<>();

  /** What is known of a path beside its windows. */
  private static final class Path {
    final String name;

    /** Requests seen since the start. */
    long count;

    final Map<Edge, Edge> edges = new HashMap<>();

    Path(String name) {
      this.name = name;
    }

    /** Edges are named by hosts that clients ask for too: whatever they invent must not grow it. */
    Edge bounded(Edge edge) {
      Edge known = edges.get(edge);
      if (known == null) {
        known = edges.size() < Limits.EDGES_PER_PATH ? edge : OTHER_EDGE;
        edges.put(known, known);
      }
      return known;
    }
  }

  private final Owners owners = new Owners();

  /** Of the request and of the hop at hand; used again for the next. */
  private final SlotSums legs = new SlotSums();

  private final Set<Failure.Key> failed = new HashSet<>();
  private final long[] evidence = new long[Evidence.values().length];

  private final JoinCounters counters;
  private Archiver archiver;
  private long nowSecond;

  /** The one that was asked for last: most requests end in the same second. */
  private @Nullable Window lately;

  private boolean restored;

  Windows(JoinCounters counters) {
    this.counters = counters;
    archiver = new Archiver(Archive.NONE, windows, counters);
  }

  /** Where older windows are. Call before the first tick. */
  void archive(Archive archive) {
    archiver = new Archiver(archive, windows, counters);
  }

  /** What the process had in memory when it ended last is in memory again. */
  private void restore() {
    for (Window w : archiver.restore(nowSecond)) {
      boolean recent = w.startSecond >= nowSecond - Limits.WINDOWS;
      w.paths.keySet().stream()
          .filter(path -> recent && paths.size() < Limits.PATHS)
          .forEach(path -> paths.putIfAbsent(path, new Path(path)));
      Window own = windows.putIfAbsent(w.startSecond, w);
      if (own != null) {
        own.add(w);
      }
    }
  }

  /** All that is in memory goes to the archive: the process ends. */
  void close() {
    archiver.flush(nowSecond, owners.all());
  }

  /** The path itself if there is room for one more. */
  String bounded(String path) {
    if (paths.containsKey(path) || paths.size() < Limits.PATHS) {
      return path;
    }
    counters.add(JoinCounters.Count.ROUTES_OTHER);
    return Routes.OTHER;
  }

  /** Paths have other names from now on; several may have become one. */
  void rename(UnaryOperator<String> names) {
    Map<String, Long> counts = pathCounts();
    paths.clear();
    counts.forEach((path, n) -> path(names.apply(path)).count += n);
    owners.rename(names);
    windows.values().forEach(w -> w.rename(names));
  }

  /**
   * @param name from {@link #bounded}
   */
  void request(String name, PathNode root, Charges charges, long endWallNanos) {
    Path path = path(name);
    path.count++;
    Window window = at(endWallNanos);
    PathWindow own = window.paths.computeIfAbsent(name, p -> new PathWindow());
    sum(charges, path, own);
    SidecarSpan span = root.hop().outer().span();
    long total = TcpSpans.isLifetime(span) ? 0 : root.hop().ledger().totalNanos();
    Bucket bucket = own.request(total, span.isError());
    legs.drain(own, bucket);
    hopsOf(path, root, own, bucket, window);
    for (int i = 0; i < charges.waited().size(); i++) {
      Charges.Waited w = charges.waited().get(i);
      window.edge(path.bounded(w.edge()), OTHER_EDGE).waited(w.peer(), w.nanos());
    }
    failed.clear();
    Failures.of(root, f -> failed(f, path, own));
  }

  /** A request that failed at one server twice, by two callers of it, is one that failed. */
  private void failed(Failure f, Path path, PathWindow own) {
    Failure bounded = new Failure(f.cause(), f.party(), path.bounded(f.edge()), f.said());
    if (failed.add(bounded.key())) {
      own.failed(bounded, 1);
    }
  }

  /** Of a hop's legs, which follow each other, the edge is looked up once. */
  private void sum(Charges charges, Path path, PathWindow own) {
    Edge edge = null;
    EdgeSlots slots = null;
    for (int i = 0; i < charges.size(); i++) {
      if (charges.nanos(i) == 0) {
        continue;
      }
      if (slots == null || charges.edge(i) != edge) {
        edge = charges.edge(i);
        slots = own.slotsOf(path.bounded(edge));
      }
      legs.add(slots.leg(charges.kinds(i)), charges.nanos(i));
    }
  }

  private void hopsOf(Path path, PathNode node, PathWindow own, Bucket bucket, Window window) {
    Edge edge = path.bounded(node.edge());
    Troubles troubles = transport.of(node.hop());
    Arrays.fill(evidence, 0);
    EvidenceCollector.collect(node.hop(), evidence);
    if (!troubles.isEmpty()) {
      troubles.collect((e, amount) -> evidence[e.ordinal()] += amount);
    }
    EdgeSlots slots = own.slotsOf(edge);
    for (int i = 0; i < evidence.length; i++) {
      if (evidence[i] != 0) {
        bucket.add(slots.evidence(i), evidence[i]);
      }
    }
    owners.hop(path.name, node.hop(), edge);
    window.edge(edge, OTHER_EDGE).add(node, evidence, troubles.drops());
    List<HalfHop> attempts = node.hop().attempts();
    for (int i = 0; i < attempts.size(); i++) {
      Edge tried = path.bounded(node.edge().tried(attempts.get(i)));
      window.edge(tried, OTHER_EDGE).attempted(attempts.get(i));
    }
    for (int i = 0; i < node.childCount(); i++) {
      hopsOf(path, node.child(i), own, bucket, window);
    }
  }

  private Path path(String name) {
    return paths.computeIfAbsent(name, Path::new);
  }

  void process(ProcessSample sample, long wallNanos) {
    Window window = at(wallNanos);
    ProcessKey key = new ProcessKey(sample.node(), sample.tgid());
    if (window.processes.size() < Limits.PROCESSES || window.processes.containsKey(key)) {
      window.processes.computeIfAbsent(key, k -> new ProcessTime()).add(sample);
    }
  }

  /** A request that a sidecar's socket served, and whether its access log told it. */
  void logged(boolean told, long wallNanos) {
    Window window = at(wallNanos);
    window.told += told ? 1 : 0;
    window.untold += told ? 0 : 1;
  }

  void shed(long entries, long wallNanos) {
    at(wallNanos).shed += entries;
  }

  void lost(long records, long wallNanos) {
    at(wallNanos).ringLost += records;
  }

  /** Merges and forgets by age; what a clock far ahead of ours dates to the future, at once. */
  void tick(long nowWallNanos) {
    nowSecond = nowWallNanos / Nanos.PER_SECOND;
    lately = null;
    if (!restored) {
      restored = true;
      restore();
    }
    long fineFrom = nowSecond - FINE_SECONDS;
    while (!windows.isEmpty()) {
      Window oldest = firstFine();
      if (oldest == null || oldest.startSecond >= fineFrom) {
        break;
      }
      windows.remove(oldest.startSecond);
      long start = oldest.startSecond / COARSE * COARSE;
      // No finer window can stand at this start: it would have been the oldest.
      windows.computeIfAbsent(start, s -> new Window(s, COARSE)).add(oldest);
    }
    // The slot that holds the first fine second is not complete yet.
    if (archiver.isDue(nowSecond, fineFrom)) {
      archiver.tick(nowSecond, fineFrom, owners.all());
    }
    windows.headMap(nowSecond - Limits.WINDOWS).clear();
    windows.tailMap(nowSecond + FINE_SECONDS).clear();
  }

  private @Nullable Window firstFine() {
    for (Window w : windows.values()) {
      if (w.seconds == 1) {
        return w;
      }
    }
    return null;
  }

  /** Windows that begin in [fromSecond, toSecond); of a shorter time the one that covers it. */
  Collection<Window> between(long fromSecond, long toSecond) {
    return between(fromSecond, toSecond, toSecond - fromSecond);
  }

  private Collection<Window> between(long fromSecond, long toSecond, long longest) {
    long memoryFrom = (nowSecond - Limits.WINDOWS + COARSE) / COARSE * COARSE;
    long end = Math.min(toSecond, memoryFrom);
    List<Window> all = archiver.between(fromSecond, end, longest, nowSecond);
    if (memoryFrom < toSecond) {
      all.addAll(windows.subMap(Math.max(fromSecond, memoryFrom), toSecond).values());
    }
    Map.Entry<Long, Window> around = windows.floorEntry(fromSecond);
    if (all.isEmpty() && around != null && around.getValue().endSecond() >= toSecond) {
      all.add(around.getValue());
    }
    return all;
  }

  /** The windows of a time that is compared with: short ones, so that the good can be told. */
  Collection<Window> past(Against against) {
    long seconds = against.toSecond() - against.fromSecond();
    return between(against.fromSecond(), against.toSecond(), seconds / PAST_WINDOWS);
  }

  /** Long ago windows are long: a past of a few of them says nothing, so it begins earlier. */
  Against widened(Against against) {
    long step = archiver.secondsAt(against.fromSecond(), nowSecond);
    long from = Math.min(against.fromSecond(), against.toSecond() - PAST_WINDOWS * step);
    boolean old = against.fromSecond() < nowSecond - Limits.WINDOWS;
    return against.given() || !old ? against : Against.past(from, against.toSecond());
  }

  boolean knows(String path, long fromSecond, long toSecond) {
    return paths.containsKey(path)
        || between(fromSecond, toSecond).stream().anyMatch(w -> w.path(path) != null);
  }

  Owners owners() {
    return owners;
  }

  /** Requests seen since the start, by path. */
  Map<String, Long> pathCounts() {
    Map<String, Long> counts = new HashMap<>();
    paths.forEach((path, p) -> counts.put(path, p.count));
    return counts;
  }

  private Window at(long wallNanos) {
    long second = wallNanos / Nanos.PER_SECOND;
    if (lately != null && lately.startSecond <= second && second < lately.endSecond()) {
      return lately;
    }
    lately = find(second);
    return lately;
  }

  private Window find(long second) {
    Map.Entry<Long, Window> floor = windows.floorEntry(second);
    if (floor != null && second < floor.getValue().endSecond()) {
      return floor.getValue();
    }
    return windows.computeIfAbsent(second, s -> new Window(s, 1));
  }
}
