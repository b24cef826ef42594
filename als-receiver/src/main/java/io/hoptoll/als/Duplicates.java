package io.hoptoll.als;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.hoptoll.model.Proxy;
import io.hoptoll.model.SidecarSpan;
import java.util.concurrent.TimeUnit;

/**
 * Knows the second report of one request or connection. Istio attaches every access log provider to
 * every filter chain, so with {@code envoyHttpAls} and {@code envoyTcpAls} both on, every entry
 * comes from two logs of the proxy, in any order.
 *
 * <p>Never by id alone: HTTP's {@code stream_id} is x-request-id, which retries and careless apps
 * repeat; start, duration and addresses must agree, and the two must come from different logs.
 *
 * <p>The HTTP logger's report is the better one (method, path, code). Where the TCP logger's came
 * first it has already gone on, so that one HTTP report is dropped; but the TCP log is then known
 * to double, and its reports of requests are dropped at once for as long as HTTP reports of the
 * same requests keep coming.
 *
 * <p>Any thread; the two copies of one request may race, so each decision is taken under the lock
 * of its {@link Sightings}, of which there are enough that event loops rarely meet.
 */
final class Duplicates {
  private static final int STRIPES = 16;

  private final Sightings[] sightings = new Sightings[STRIPES];
  private final Cache<Long, Boolean> doublingLogs;

  /** By the proxy itself, which is one object for all its streams. */
  private final Cache<Proxy, ProxyLogs> logs = Caffeine.newBuilder().weakKeys().build();

  private final Ticker ticker;
  private final long startNanos;

  Duplicates() {
    this(Ticker.systemTicker());
  }

  Duplicates(Ticker ticker) {
    this.ticker = ticker;
    this.startNanos = ticker.read();
    for (int i = 0; i < STRIPES; i++) {
      sightings[i] = new Sightings(Limits.ENTRIES_REMEMBERED / STRIPES);
    }
    doublingLogs =
        Caffeine.newBuilder()
            .maximumSize(Limits.PROXIES)
            .expireAfterWrite(Limits.DOUBLE_LOG_MEMORY)
            .ticker(ticker)
            .executor(Runnable::run)
            .build();
  }

  /** The log of a proxy; all its streams' have one {@link LogSource#siblings}. */
  LogSource source(Proxy proxy, String logName, boolean http) {
    return new LogSource(proxy, logName, http, logs.get(proxy, p -> new ProxyLogs()));
  }

  /** True where another log's report of the same went on, or a better one is known to come. */
  boolean isDuplicate(SidecarSpan span, LogSource source) {
    if (span.streamId().isEmpty()) {
      return false; // Envoy before 1.25: nothing to know it by
    }
    long nowMillis = 1 + TimeUnit.NANOSECONDS.toMillis(ticker.read() - startNanos);
    if (!source.siblings().mayCopy(source.id(), nowMillis)) {
      return false;
    }
    boolean request = span.protocol() != SidecarSpan.Protocol.TCP;
    boolean betterToCome =
        !source.http() && request && doublingLogs.getIfPresent(source.id()) != null;
    long key = Sightings.key(span);
    Sightings stripe = sightings[(int) (key >>> 60)];
    long first;
    boolean passed;
    synchronized (stripe) {
      int slot = stripe.find(key, nowMillis);
      boolean isFirst = stripe.isFree(slot);
      first = isFirst ? source.id() : stripe.source(slot);
      passed = stripe.passed(slot);
      if (isFirst || !passed && first != source.id()) {
        stripe.put(slot, key, source, !betterToCome, nowMillis);
      }
    }
    if (first == source.id()) {
      return betterToCome;
    }
    if (request && source.http() != LogSource.isHttp(first)) {
      doublingLogs.put(source.http() ? first : source.id(), true);
    }
    return passed;
  }
}
