package io.hoptoll.correlator;

import io.hoptoll.correlator.Archive.Tier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;

/**
 * Moves windows from memory to the archive's tiers, and back after a restart. A window of the
 * finest tier is written soon after it ends, so that a crash loses seconds, and once more when late
 * requests are in; coarser ones are merged from those, while memory still has them all.
 */
final class Archiver {
  /** A window that ended this long ago has nearly all of its requests. */
  private static final int SOON = 10;

  /** Longer than any window in memory takes to be final: what a crash may have left unmerged. */
  private static final int UNMERGED = 200;

  private final Archive archive;
  private final List<Tier> tiers;
  private final WindowCodec codec;
  private final NavigableMap<Long, Window> windows;

  /** Per tier, the start of the next window to write. */
  private final long[] next;

  private long nextSoon = Long.MIN_VALUE;
  private boolean restored;

  /**
   * @param windows those in memory
   */
  Archiver(Archive archive, NavigableMap<Long, Window> windows, JoinCounters counters) {
    this.archive = archive;
    this.tiers = archive.tiers();
    this.codec = new WindowCodec(archive, counters);
    this.windows = windows;
    this.next = new long[tiers.size()];
  }

  /** The windows that memory would have, had the process not ended; and what no tier has yet. */
  List<Window> restore(long nowSecond) {
    List<Window> back = new ArrayList<>();
    restored = true;
    if (tiers.isEmpty()) {
      return back;
    }
    Tier finest = tiers.get(0);
    Tier coarsest = tiers.get(tiers.size() - 1);
    long last = archive.lastStart(finest);
    long from = Math.min(nowSecond - Limits.WINDOWS, floor(last - UNMERGED, coarsest.seconds()));
    from =
        last < 0 ? nowSecond : Math.max(floor(from, finest.seconds()), last - 2 * Limits.WINDOWS);
    for (long at = from; at <= last; at += finest.seconds()) {
      Window window = new ArchivedWindow(archive, finest, at, codec, new HashMap<>()).loaded();
      if (!window.isEmpty()) {
        back.add(window);
      }
    }
    nextSoon = floor(nowSecond, finest.seconds());
    for (int i = 0; i < next.length; i++) {
      Tier tier = tiers.get(i);
      long done = archive.lastStart(tier);
      next[i] = Math.max(done < 0 ? 0 : done + tier.seconds(), floor(from, tier.seconds()));
    }
    // The last ones were written soon, not finally.
    next[0] = Math.max(floor(from, finest.seconds()), next[0] - UNMERGED);
    return back;
  }

  /** Whether {@link #tick} has something to write. */
  boolean isDue(long nowSecond, long finalSecond) {
    boolean due = !tiers.isEmpty() && nextSoon + tiers.get(0).seconds() + SOON <= nowSecond;
    for (int i = 0; i < next.length; i++) {
      due |= next[i] + tiers.get(i).seconds() <= finalSecond;
    }
    return due;
  }

  /**
   * @param finalSecond windows that end by then are as final as they get
   */
  void tick(long nowSecond, long finalSecond, Map<ProcessKey, Actor> owners) {
    if (!restored || tiers.isEmpty()) {
      return;
    }
    Tier finest = tiers.get(0);
    for (; nextSoon + finest.seconds() + SOON <= nowSecond; nextSoon += finest.seconds()) {
      write(finest, nextSoon, owners);
    }
    for (int i = 0; i < next.length; i++) {
      Tier tier = tiers.get(i);
      skip(i, finalSecond);
      for (; next[i] + tier.seconds() <= finalSecond; next[i] += tier.seconds()) {
        write(tier, next[i], owners);
      }
    }
  }

  /** Nothing is in memory of a time without traffic. */
  private void skip(int i, long finalSecond) {
    Long first = windows.ceilingKey(next[i]);
    long to = first == null ? finalSecond : Math.min(first, finalSecond);
    next[i] = Math.max(next[i], floor(to, tiers.get(i).seconds()));
  }

  /** All that memory has and the archive has not, as the process ends. */
  void flush(long nowSecond, Map<ProcessKey, Actor> owners) {
    if (!restored || tiers.isEmpty()) {
      return;
    }
    Tier finest = tiers.get(0);
    for (long at = next[0]; at <= nowSecond; at += finest.seconds()) {
      write(finest, at, owners);
    }
  }

  private void write(Tier tier, long start, Map<ProcessKey, Actor> owners) {
    Window sum = new Window(start, tier.seconds());
    windows.subMap(start, start + tier.seconds()).values().forEach(sum::add);
    if (!sum.isEmpty()) {
      archive.write(tier, start, codec.parts(sum, owners));
    }
  }

  /**
   * Windows of a time that memory no longer has, as long as they may be.
   *
   * @param longest no window longer than this, unless only such ones are kept of that time
   */
  List<Window> between(long fromSecond, long toSecond, long longest, long nowSecond) {
    List<Window> found = new ArrayList<>();
    if (tiers.isEmpty()) {
      return found;
    }
    Map<String, PathReader> readers = new HashMap<>();
    Tier coarsest = tiers.get(tiers.size() - 1);
    long at = Math.max(fromSecond, nowSecond - coarsest.keptSeconds());
    while (at < toSecond) {
      int finest = finest(nowSecond - at);
      Tier tier = tiers.get(finest);
      for (int i = finest + 1; i < tiers.size(); i++) {
        Tier longer = tiers.get(i);
        boolean fits = at % longer.seconds() == 0 && at + longer.seconds() <= toSecond;
        tier = fits && longer.seconds() <= longest && at < next[i] ? longer : tier;
      }
      long start = floor(at + tier.seconds() - 1, tier.seconds());
      // A range shorter than the windows of its time: the one that covers it.
      boolean inside = finest == 0 || start + tier.seconds() <= toSecond;
      start = inside ? start : floor(at, tier.seconds());
      if (start < toSecond && (inside || found.isEmpty())) {
        found.add(new ArchivedWindow(archive, tier, start, codec, readers));
      }
      at = start + tier.seconds();
    }
    return found;
  }

  /** Length of the finest windows that are kept of a second. */
  long secondsAt(long second, long nowSecond) {
    return tiers.isEmpty() ? 1 : tiers.get(finest(nowSecond - second)).seconds();
  }

  private int finest(long age) {
    for (int i = 0; i < tiers.size(); i++) {
      if (age <= tiers.get(i).keptSeconds()) {
        return i;
      }
    }
    return tiers.size() - 1;
  }

  private static long floor(long second, long step) {
    return Math.floorDiv(second, step) * step;
  }
}
