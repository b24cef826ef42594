package io.hoptoll.als;

import io.hoptoll.model.Endpoint;
import io.hoptoll.model.SidecarSpan;

/**
 * First reports of requests and connections, by a fingerprint of 64 bits: primitives in arrays,
 * since every entry is looked up here and next to none is a copy. Bounded: of the {@link #WAYS}
 * places that a report may have, a new one takes that of the oldest; after {@link Limits#COPY_WAIT}
 * a report is forgotten. With 131,072 remembered, an entry is taken for another's copy once in
 * 10^13 entries. Callers hold its lock.
 */
final class Sightings {
  private static final int WAYS = 4;
  private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;
  private static final long WAIT_MILLIS = Limits.COPY_WAIT.toMillis();

  /** By turns the fingerprint and when it was seen: a report's four places lie side by side. */
  private final long[] cells;

  /** {@link LogSource#id} of the first report. */
  private final long[] sources;

  private final boolean[] passed;

  /**
   * @param capacity a power of two
   */
  Sightings(int capacity) {
    cells = new long[2 * capacity];
    sources = new long[capacity];
    passed = new boolean[capacity];
  }

  /** What the two reports of one request or connection agree in. */
  static long key(SidecarSpan span) {
    long key = span.proxy().nodeId().hashCode();
    key = mix(key, span.streamId().hashCode());
    key = mix(key, span.startWallNanos());
    key = mix(key, span.durationNanos());
    key = mix(key, span.kind().ordinal());
    key = mix(key, span.downstreamDirectRemote());
    key = mix(key, span.downstreamRemote());
    key = mix(key, span.downstreamLocal());
    key = mix(key, span.upstreamLocal());
    return mix(key, span.upstreamRemote());
  }

  /**
   * The place of this report if it is known, else the one that it should take, now free.
   *
   * @param nowMillis any clock that starts above 0
   */
  int find(long key, long nowMillis) {
    int first = (int) key & sources.length - WAYS;
    int oldest = first;
    for (int slot = first; slot < first + WAYS; slot++) {
      long seen = cells[2 * slot + 1];
      if (seen != 0 && nowMillis - seen >= WAIT_MILLIS) {
        cells[2 * slot + 1] = 0;
      } else if (seen != 0 && cells[2 * slot] == key) {
        return slot;
      }
      oldest = cells[2 * slot + 1] < cells[2 * oldest + 1] ? slot : oldest;
    }
    cells[2 * oldest + 1] = 0;
    return oldest;
  }

  boolean isFree(int slot) {
    return cells[2 * slot + 1] == 0;
  }

  long source(int slot) {
    return sources[slot];
  }

  boolean passed(int slot) {
    return passed[slot];
  }

  void put(int slot, long key, LogSource source, boolean wentOn, long nowMillis) {
    cells[2 * slot] = key;
    cells[2 * slot + 1] = nowMillis;
    passed[slot] = wentOn;
    sources[slot] = source.id();
  }

  private static long mix(long key, Endpoint endpoint) {
    return mix(mix(key, endpoint.ipLow() + endpoint.port()), endpoint.ipHigh() - endpoint.port());
  }

  static long mix(long key, long value) {
    long mixed = (key ^ value) * SPREAD;
    return mixed ^ mixed >>> 32;
  }
}
