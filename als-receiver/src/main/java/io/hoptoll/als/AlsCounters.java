package io.hoptoll.als;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.hoptoll.model.Proxy;
import io.hoptoll.model.SidecarSpan;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** The numbers behind {@link AlsStats}; any thread. */
final class AlsCounters {
  private final LongAdder streamsOpened = new LongAdder();
  private final LongAdder streamsClosed = new LongAdder();
  private final LongAdder messages = new LongAdder();
  private final LongAdder messageBytes = new LongAdder();
  private final LongAdder tcpEntries = new LongAdder();
  private final LongAdder duplicates = new LongAdder();
  private final LongAdder sinkFailures = new LongAdder();
  private final LongAdder[] entries = adders(SidecarSpan.Kind.values().length);
  private final LongAdder[] malformed = adders(Malformed.values().length);
  private final Cache<Proxy, AtomicLong> lastEntryMillis =
      Caffeine.newBuilder().maximumSize(Limits.PROXIES).executor(Runnable::run).build();
  private final LongSupplier clockMillis;

  AlsCounters(LongSupplier clockMillis) {
    this.clockMillis = clockMillis;
  }

  void streamOpened() {
    streamsOpened.increment();
  }

  void streamClosed() {
    streamsClosed.increment();
  }

  /** One message with at least one entry. */
  void message(Proxy proxy, int bytes, boolean hasEntries) {
    messages.increment();
    messageBytes.add(bytes);
    if (hasEntries) {
      lastEntryMillis.get(proxy, p -> new AtomicLong()).set(clockMillis.getAsLong());
    }
  }

  void span(SidecarSpan span) {
    entries[span.kind().ordinal()].increment();
    if (span.protocol() == SidecarSpan.Protocol.TCP) {
      tcpEntries.increment();
    }
  }

  void duplicate() {
    duplicates.increment();
  }

  void sinkFailed() {
    sinkFailures.increment();
  }

  void malformed(Malformed reason) {
    malformed[reason.ordinal()].increment();
  }

  long messagesSoFar() {
    return messages.sum();
  }

  AlsStats snapshot() {
    Map<SidecarSpan.Kind, Long> byKind = new EnumMap<>(SidecarSpan.Kind.class);
    for (SidecarSpan.Kind kind : SidecarSpan.Kind.values()) {
      byKind.put(kind, entries[kind.ordinal()].sum());
    }
    Map<Malformed, Long> byReason = new EnumMap<>(Malformed.class);
    for (Malformed reason : Malformed.values()) {
      byReason.put(reason, malformed[reason.ordinal()].sum());
    }
    Map<String, Long> last = new HashMap<>();
    lastEntryMillis.asMap().forEach((p, at) -> last.merge(p.nodeId(), at.get(), Math::max));
    long closed = streamsClosed.sum();
    long opened = streamsOpened.sum();
    return new AlsStats(
        opened - closed,
        opened,
        messages.sum(),
        messageBytes.sum(),
        byKind,
        tcpEntries.sum(),
        duplicates.sum(),
        byReason,
        sinkFailures.sum(),
        last);
  }

  private static LongAdder[] adders(int count) {
    LongAdder[] adders = new LongAdder[count];
    Arrays.setAll(adders, i -> new LongAdder());
    return adders;
  }
}
