package io.hoptoll.als;

import io.hoptoll.model.SidecarSpan;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the receiver took in since its start; the counters only grow.
 *
 * @param streamsOpen streams open now: one a worker thread and log of each proxy
 * @param streamsTotal streams ever opened; restarts and refused streams make it grow
 * @param messages messages decoded
 * @param messageBytes their size, gRPC frame excluded
 * @param readingBytes what messages that have begun to arrive hold now
 * @param entries entries handed on, by kind
 * @param tcpEntries of these: connections without requests
 * @param duplicates entries dropped because another log of the same proxy had reported them
 * @param malformed what could not be used, by reason
 * @param sinkFailures entries lost because the sink threw
 * @param lastEntryMillis for each proxy ({@code node.id}) when its last entry came, ms since 1970
 */
public record AlsStats(
    long streamsOpen,
    long streamsTotal,
    long messages,
    long messageBytes,
    long readingBytes,
    Map<SidecarSpan.Kind, Long> entries,
    long tcpEntries,
    long duplicates,
    Map<Malformed, Long> malformed,
    long sinkFailures,
    Map<String, Long> lastEntryMillis) {
  public AlsStats {
    entries = sorted(entries);
    malformed = sorted(malformed);
    lastEntryMillis = sorted(lastEntryMillis);
  }

  /** All entries handed on. */
  public long entriesTotal() {
    return entries.values().stream().mapToLong(Long::longValue).sum();
  }

  /** A copy in an order that a reader finds the same each time. */
  private static <K extends Comparable<K>> Map<K, Long> sorted(Map<K, Long> counts) {
    return Collections.unmodifiableMap(new TreeMap<>(counts));
  }
}
