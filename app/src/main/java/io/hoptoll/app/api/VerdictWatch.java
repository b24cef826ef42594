package io.hoptoll.app.api;

import io.hoptoll.correlator.Correlator;
import io.hoptoll.correlator.Summary;
import io.hoptoll.correlator.Verdict;
import io.hoptoll.correlator.Verdict.Finding;
import io.hoptoll.model.Nanos;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Diagnoses the busiest paths again and again, and tells when a verdict changed. A change counts
 * when two looks in a row agree on it. Used by the API's one event loop only, except {@link #look}.
 */
final class VerdictWatch {
  /** Of more paths, the busiest: a diagnosis takes about 1 ms of the correlator's thread. */
  static final int PATHS = 32;

  /** Changes kept for who comes later: an hour of one every 14 s. */
  static final int CHANGES = 256;

  private static final long WINDOW = 10;
  private static final long BASELINE = 600;

  /** Of a path without requests for so long nobody is told, though some may hang. */
  private static final long SILENT = 60;

  /**
   * What is said of a path.
   *
   * @param lostNanosPerSecond time lost to the largest finding, by all requests of one second
   */
  record Standing(Verdict verdict, double lostNanosPerSecond) {
    String code() {
      Finding first = verdict.findings().isEmpty() ? null : verdict.findings().get(0);
      String why = first == null ? "" : " " + first.party() + " " + first.cause() + first.actor();
      return verdict.status() + why;
    }
  }

  /**
   * @param id grows by one a change
   * @param atWallNanos when it was confirmed
   */
  record Change(long id, long atWallNanos, Standing standing) {}

  private final Map<String, Change> current = new HashMap<>();
  private final Map<String, Standing> pending = new HashMap<>();
  private final Deque<Change> changes = new ArrayDeque<>();
  private long lastId;

  /** Runs on the correlator's thread. */
  static List<Standing> look(Correlator c, long nowSecond) {
    long from = nowSecond - WINDOW;
    return c.traffic().paths(nowSecond - SILENT, nowSecond + 1).entrySet().stream()
        .sorted(
            Comparator.comparingLong((Map.Entry<String, Summary> e) -> e.getValue().requests())
                .reversed())
        .limit(PATHS)
        .map(e -> c.diagnose(e.getKey(), from, nowSecond + 1, from - BASELINE, -1))
        .filter(v -> v.requests() > 0 || v.status() == Verdict.Status.DEGRADED)
        .map(VerdictWatch::standing)
        .toList();
  }

  private static Standing standing(Verdict v) {
    Finding first = v.findings().isEmpty() ? null : v.findings().get(0);
    double seconds = (double) (v.toWallNanos() - v.fromWallNanos()) / Nanos.PER_SECOND;
    double lost =
        first == null
            ? 0
            : first.excessNanos() * first.affected() * Math.max(1, v.requests()) / seconds;
    return new Standing(v, Math.max(0, lost));
  }

  /** Takes a look's result; returns the changes that it confirmed. */
  List<Change> update(List<Standing> seen, long nowWallNanos) {
    List<Change> news = new ArrayList<>();
    Map<String, Standing> unconfirmed = new HashMap<>();
    for (Standing s : seen) {
      String path = s.verdict().path();
      Change known = current.get(path);
      if (known != null && known.standing().code().equals(s.code())) {
        current.put(path, new Change(known.id(), known.atWallNanos(), s));
      } else if (Objects.equals(code(pending.get(path)), s.code())) {
        news.add(change(path, s, nowWallNanos));
      } else {
        unconfirmed.put(path, s);
      }
    }
    pending.clear();
    pending.putAll(unconfirmed);
    forgetSilent(seen);
    return news;
  }

  /** What stands, by path. */
  Map<String, Change> current() {
    return Map.copyOf(current);
  }

  /** Changes after an id, oldest first. */
  List<Change> since(long id) {
    return changes.stream().filter(c -> c.id() > id).toList();
  }

  private Change change(String path, Standing s, long nowWallNanos) {
    Change change = new Change(++lastId, nowWallNanos, s);
    current.put(path, change);
    changes.addLast(change);
    if (changes.size() > CHANGES) {
      changes.removeFirst();
    }
    return change;
  }

  private static @Nullable String code(@Nullable Standing s) {
    return s == null ? null : s.code();
  }

  /** A path without requests has no verdict; when they come back it is news again. */
  private void forgetSilent(List<Standing> seen) {
    List<String> paths = seen.stream().map(s -> s.verdict().path()).toList();
    current.keySet().retainAll(paths);
  }
}
