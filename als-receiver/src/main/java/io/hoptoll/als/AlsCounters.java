package io.hoptoll.als;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.hoptoll.model.Proxy;
import io.hoptoll.model.SidecarSpan;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/** The numbers behind {@link AlsStats}; any thread. */
final class AlsCounters {
  private final LongAdder streamsOpened = new LongAdder();
  private final LongAdder streamsClosed = new LongAdder();
  private final LongAdder messages = new LongAdder();
  private final LongAdder messageBytes = new LongAdder();
  private final LongAdder tcpEntries = new LongAdder();
  private final LongAdder duplicates = new LongAdder();
  private final LongAdder sinkFailures = new LongAdder();
  private final Map<SidecarSpan.Kind, LongAdder> entries = adders(SidecarSpan.Kind.class);
  private final Map<Malformed, LongAdder> malformed = adders(Malformed.class);
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
    add(entries, span.kind());
    if (span.protocol() == SidecarSpan.Protocol.TCP) {
      tcpEntries.increment();
    }
  }

  /** One of a request, so not a TCP connection's, that was read no further. */
  void leftOut(SidecarSpan.Kind kind) {
    add(entries, kind);
  }

  void duplicate() {
    duplicates.increment();
  }

  void sinkFailed() {
    sinkFailures.increment();
  }

  void malformed(Malformed reason) {
    add(malformed, reason);
  }

  long messagesSoFar() {
    return messages.sum();
  }

  AlsStats snapshot(long readingBytes) {
    Map<String, Long> last = new HashMap<>();
    lastEntryMillis.asMap().forEach((p, at) -> last.merge(p.nodeId(), at.get(), Math::max));
    long closed = streamsClosed.sum();
    long opened = streamsOpened.sum();
    return new AlsStats(
        opened - closed,
        opened,
        messages.sum(),
        messageBytes.sum(),
        readingBytes,
        sums(entries),
        tcpEntries.sum(),
        duplicates.sum(),
        sums(malformed),
        sinkFailures.sum(),
        last);
  }

  private static <E extends Enum<E>> Map<E, LongAdder> adders(Class<E> keys) {
    Map<E, LongAdder> adders = new EnumMap<>(keys);
    for (E key : keys.getEnumConstants()) {
      adders.put(key, new LongAdder());
    }
    return Collections.unmodifiableMap(adders);
  }

  private static <E extends Enum<E>> void add(Map<E, LongAdder> adders, E key) {
    LongAdder adder = adders.get(key);
    if (adder != null) { // every constant has one
      adder.increment();
    }
  }

  private static <E extends Enum<E>> Map<E, Long> sums(Map<E, LongAdder> adders) {
    return adders.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().sum()));
  }
}
