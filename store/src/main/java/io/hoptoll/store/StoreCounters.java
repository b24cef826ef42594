package io.hoptoll.store;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** What the store did and what it failed to do; any thread. */
public final class StoreCounters {
  /** Stable names, exported in lower case. */
  public enum Count {
    WINDOWS_WRITTEN,
    BYTES_WRITTEN,
    /** Windows that were not written: the queue was full, the disk was, or the store was closed. */
    WINDOWS_LOST,
    REQUESTS_WRITTEN,
    /** Requests that were not written, for the same reasons. */
    REQUESTS_LOST,
    WRITE_FAILURES,
    READ_FAILURES,
    /** Times that the store was opened anew after a failure. */
    REOPENED,
    /** Times that the oldest windows or requests were removed because there were too many bytes. */
    REMOVED_BY_SIZE
  }

  private final Map<Count, LongAdder> counts = new EnumMap<>(Count.class);

  StoreCounters() {
    for (Count c : Count.values()) {
      counts.put(c, new LongAdder());
    }
  }

  void add(Count count, long n) {
    Objects.requireNonNull(counts.get(count)).add(n);
  }

  public long get(Count count) {
    return Objects.requireNonNull(counts.get(count)).sum();
  }
}
