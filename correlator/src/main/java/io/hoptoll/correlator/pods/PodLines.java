package io.hoptoll.correlator.pods;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** The lines of one pod, bounded: what finds no place goes to {other}. */
final class PodLines {
  private static final Party.Other OTHER = new Party.Other();
  private static final Line.Key OTHER_LINE = new Line.Key(OTHER, OTHER);

  private final Map<Line.Key, Line> lines = new LinkedHashMap<>();

  /**
   * @param hasRoom for one more line in all pods
   */
  Line line(Line.Key key, boolean hasRoom) {
    Line line = lines.get(key);
    if (line == null) {
      boolean fits = hasRoom && lines.size() < Limits.LINES_PER_POD;
      line = lines.computeIfAbsent(fits ? key : OTHER_LINE, Line::new);
    }
    return line;
  }

  static boolean isOther(Line line) {
    return line.key.equals(OTHER_LINE);
  }

  Collection<Line> all() {
    return lines.values();
  }

  /** Returns how many it forgot. */
  int forgetIdle(long nowNanos) {
    int before = lines.size();
    lines.values().removeIf(l -> nowNanos - l.lastNanos > Limits.LINE_IDLE_NANOS);
    return before - lines.size();
  }

  /** A pid is used again: what it did before was another process. */
  int forget(ProcessRef process) {
    int before = lines.size();
    Party party = new Party.Inside(process);
    lines.keySet().removeIf(k -> k.client().equals(party) || k.server().equals(party));
    return before - lines.size();
  }
}
