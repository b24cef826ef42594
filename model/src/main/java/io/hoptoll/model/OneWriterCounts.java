package io.hoptoll.model;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts by place, from 0. One thread adds, any may read: a plain read and an ordered write, no
 * locked instruction.
 */
public final class OneWriterCounts {
  private final AtomicLongArray counts;

  public OneWriterCounts(int size) {
    counts = new AtomicLongArray(size);
  }

  /** By one thread alone. */
  public void add(int at, long n) {
    counts.setRelease(at, counts.getPlain(at) + n);
  }

  public long get(int at) {
    return counts.getAcquire(at);
  }
}
