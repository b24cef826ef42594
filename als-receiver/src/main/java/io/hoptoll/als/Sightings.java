package io.hoptoll.als;

import io.hoptoll.model.Endpoint;
import io.hoptoll.model.SidecarSpan;
import org.jspecify.annotations.Nullable;

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
  private static final long WAIT_NANOS = Limits.COPY_WAIT.toNanos();

  private final long[] keys;
  private final long[] seenNanos;
  private final boolean[] passed;
  private final @Nullable LogSource[] sources;

  /**
   * @param capacity a power of two
   */
  Sightings(int capacity) {
    keys = new long[capacity];
    seenNanos = new long[capacity];
    passed = new boolean[capacity];
    sources = new LogSource[capacity];
  }

  /** What the two reports of one request or connection agree in. */
  static long key(SidecarSpan span) {
    SidecarSpan.Addresses addresses = span.addresses();
    long key = span.proxy().nodeId().hashCode();
    key = mix(key, span.request().streamId().hashCode());
    key = mix(key, span.startWallNanos());
    key = mix(key, span.times().durationNanos());
    key = mix(key, span.kind().ordinal());
    key = mix(key, addresses.downstreamDirectRemote());
    key = mix(key, addresses.downstreamRemote());
    key = mix(key, addresses.downstreamLocal());
    key = mix(key, addresses.upstreamLocal());
    return mix(key, addresses.upstreamRemote());
  }

  /** The place of this report if it is known, else the one that it should take, now free. */
  int find(long key, long nowNanos) {
    int first = (int) key & keys.length - WAYS;
    int oldest = first;
    for (int slot = first; slot < first + WAYS; slot++) {
      if (sources[slot] != null && nowNanos - seenNanos[slot] >= WAIT_NANOS) {
        sources[slot] = null;
      }
      if (sources[slot] != null && keys[slot] == key) {
        return slot;
      }
      boolean older =
          sources[slot] == null
              || sources[oldest] != null && seenNanos[slot] - seenNanos[oldest] < 0;
      oldest = older ? slot : oldest;
    }
    sources[oldest] = null;
    return oldest;
  }

  /** Null: the place is free. */
  @Nullable LogSource source(int slot) {
    return sources[slot];
  }

  boolean passed(int slot) {
    return passed[slot];
  }

  void put(int slot, long key, LogSource source, boolean wentOn, long nowNanos) {
    keys[slot] = key;
    seenNanos[slot] = nowNanos;
    passed[slot] = wentOn;
    sources[slot] = source;
  }

  private static long mix(long key, Endpoint endpoint) {
    return mix(mix(key, endpoint.ipLow() + endpoint.port()), endpoint.ipHigh() - endpoint.port());
  }

  private static long mix(long key, long value) {
    long mixed = (key ^ value) * SPREAD;
    return mixed ^ mixed >>> 32;
  }
}
