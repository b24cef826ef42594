package io.hoptoll.correlator;

import io.hoptoll.model.Exchange;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Hop;
import io.hoptoll.model.Ledger;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.ProcessSample;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
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
  private final TreeMap<Long, Window> windows = new TreeMap<>();
  private final Map<String, Long> pathCounts = new HashMap<>();
  private final Map<String, Map<Edge, Edge>> edges = new HashMap<>();

  /** Actors heard of longest ago are forgotten first, and of each the processes: they restart. */
  private final Map<Actor, Set<ProcessKey>> processes =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Actor, Set<ProcessKey>> eldest) {
          return size() > Limits.PROCESSES;
        }
      };

  /** Of the request and of the hop at hand; used again for the next. */
  private final SlotSums legs = new SlotSums();

  private final long[] evidence = new long[Evidence.values().length];

  private final JoinCounters counters;
  private Archiver archiver;
  private long nowSecond;
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
          .filter(path -> recent && pathCounts.size() < Limits.PATHS)
          .forEach(path -> pathCounts.putIfAbsent(path, 0L));
      Window own = windows.putIfAbsent(w.startSecond, w);
      if (own != null) {
        own.add(w);
      }
    }
  }

  /** All that is in memory goes to the archive: the process ends. */
  void close() {
    archiver.flush(nowSecond, Archiver.owners(processes));
  }

  /** The path itself if there is room for one more. */
  String bounded(String path) {
    if (pathCounts.containsKey(path) || pathCounts.size() < Limits.PATHS) {
      return path;
    }
    counters.add(JoinCounters.Count.ROUTES_OTHER);
    return Routes.OTHER;
  }

  /** Paths have other names from now on; several may have become one. */
  void rename(UnaryOperator<String> names) {
    Map<String, Long> counts = Map.copyOf(pathCounts);
    pathCounts.clear();
    counts.forEach((path, n) -> pathCounts.merge(names.apply(path), n, Long::sum));
    edges.clear();
    windows.values().forEach(w -> w.rename(names));
  }

  /**
   * @param name from {@link #bounded}
   */
  void request(String name, PathNode root, List<Charge> charges, long endWallNanos) {
    pathCounts.merge(name, 1L, Long::sum);
    Ledger ledger = root.hop().ledger();
    Window window = at(endWallNanos);
    PathWindow own = window.paths.computeIfAbsent(name, p -> new PathWindow());
    for (Charge c : charges) {
      if (c.nanos() != 0) {
        legs.add(own.slotsOf(bounded(name, c.edge())).leg(c.kinds()), c.nanos());
      }
    }
    boolean isError = root.hop().outer().span().isError();
    Bucket bucket = own.request(ledger.totalNanos(), isError);
    legs.drain((slot, nanos) -> own.leg(bucket, slot, nanos));
    hopsOf(name, root, own, bucket, window);
    Failures.of(
        root,
        f -> own.failed(new Failure(f.cause(), f.party(), bounded(name, f.edge()), f.said()), 1));
  }

  private void hopsOf(String path, PathNode node, PathWindow own, Bucket bucket, Window window) {
    Edge edge = bounded(path, node.edge());
    Troubles troubles = transport.of(node.hop());
    Arrays.fill(evidence, 0);
    EvidenceCollector.collect(node.hop(), (e, amount) -> evidence[e.ordinal()] += amount);
    troubles.collect((e, amount) -> evidence[e.ordinal()] += amount);
    EdgeSlots slots = own.slotsOf(edge);
    for (int i = 0; i < evidence.length; i++) {
      if (evidence[i] != 0) {
        bucket.add(slots.evidence(i), evidence[i]);
      }
    }
    owners(node.hop(), edge);
    window.edge(edge, OTHER_EDGE).add(node.hop(), evidence, troubles.drops());
    for (PathNode child : node.children()) {
      hopsOf(path, child, own, bucket, window);
    }
  }

  /** Edges are named by hosts that clients ask for too: whatever they invent must not grow this. */
  private Edge bounded(String path, Edge edge) {
    Map<Edge, Edge> own = edges.computeIfAbsent(path, p -> new HashMap<>());
    Edge known = own.get(edge);
    if (known == null) {
      known = own.size() < Limits.EDGES_PER_PATH ? edge : OTHER_EDGE;
      own.put(known, known);
    }
    return known;
  }

  private void owners(Hop hop, Edge edge) {
    HalfHop client = hop.client();
    HalfHop server = hop.server();
    if (client != null) {
      owner(Actor.Kind.APP, edge.client(), client.callingApp());
      owner(Actor.Kind.SIDECAR, edge.client(), client.upstream());
    }
    if (server != null) {
      owner(Actor.Kind.APP, edge.server(), server.servingApp());
      owner(Actor.Kind.SIDECAR, edge.server(), server.downstream());
    }
  }

  private void owner(Actor.Kind kind, String workload, @Nullable Exchange e) {
    if (e == null || e.owner().tgid() <= 0) {
      return;
    }
    Set<ProcessKey> own =
        processes.computeIfAbsent(new Actor(kind, workload), a -> new LinkedHashSet<>());
    ProcessKey key = new ProcessKey(e.node(), e.owner().tgid());
    own.remove(key);
    own.add(key);
    if (own.size() > Limits.PROCESSES_PER_ACTOR) {
      own.remove(own.iterator().next());
    }
  }

  void process(ProcessSample sample, long wallNanos) {
    Window window = at(wallNanos);
    if (window.processes.size() < Limits.PROCESSES) {
      ProcessKey key = new ProcessKey(sample.node(), sample.tgid());
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
      archiver.tick(nowSecond, fineFrom, Archiver.owners(processes));
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
    return pathCounts.containsKey(path)
        || between(fromSecond, toSecond).stream().anyMatch(w -> w.path(path) != null);
  }

  Set<ProcessKey> processesOf(Actor actor) {
    return processes.getOrDefault(actor, Set.of());
  }

  /** Requests seen since the start, by path. */
  Map<String, Long> pathCounts() {
    return Map.copyOf(pathCounts);
  }

  private Window at(long wallNanos) {
    long second = wallNanos / Nanos.PER_SECOND;
    Map.Entry<Long, Window> floor = windows.floorEntry(second);
    if (floor != null && second < floor.getValue().endSecond()) {
      return floor.getValue();
    }
    return windows.computeIfAbsent(second, s -> new Window(s, 1));
  }
}
