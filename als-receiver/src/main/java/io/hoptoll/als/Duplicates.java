package io.hoptoll.als;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.hoptoll.model.Proxy;
import io.hoptoll.model.SidecarSpan;

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
 * <p>Any thread; the two copies of one request may race, so each decision is one atomic update.
 */
final class Duplicates {
  private record Key(
      Proxy proxy,
      String streamId,
      long startWallNanos,
      long durationNanos,
      SidecarSpan.Kind kind,
      SidecarSpan.Addresses addresses) {}

  /** The first report seen, and whether it went on to the sink. */
  private record Sighting(LogSource source, boolean passed) {}

  private final Cache<Key, Sighting> sightings;
  private final Cache<LogSource, Boolean> doublingLogs;

  Duplicates() {
    this(Ticker.systemTicker());
  }

  Duplicates(Ticker ticker) {
    sightings =
        Caffeine.newBuilder()
            .maximumSize(Limits.ENTRIES_REMEMBERED)
            .expireAfterWrite(Limits.COPY_WAIT)
            .ticker(ticker)
            .executor(Runnable::run)
            .build();
    doublingLogs =
        Caffeine.newBuilder()
            .maximumSize(Limits.PROXIES)
            .expireAfterWrite(Limits.DOUBLE_LOG_MEMORY)
            .ticker(ticker)
            .executor(Runnable::run)
            .build();
  }

  /** True where another log's report of the same went on, or a better one is known to come. */
  boolean isDuplicate(SidecarSpan span, LogSource source) {
    if (span.request().streamId().isEmpty()) {
      return false; // Envoy before 1.25: nothing to know it by
    }
    Key key =
        new Key(
            span.proxy(),
            span.request().streamId(),
            span.startWallNanos(),
            span.times().durationNanos(),
            span.kind(),
            span.addresses());
    boolean betterToCome =
        !source.http()
            && span.protocol() != SidecarSpan.Protocol.TCP
            && doublingLogs.getIfPresent(source) != null;
    Sighting mine = new Sighting(source, !betterToCome);
    Sighting first = sightings.asMap().putIfAbsent(key, mine);
    if (first == null || first.source().equals(source)) {
      return betterToCome;
    }
    boolean request = span.protocol() != SidecarSpan.Protocol.TCP;
    if (request && source.http() != first.source().http()) {
      doublingLogs.put(source.http() ? first.source() : source, true);
    }
    if (first.passed()) {
      return true;
    }
    return !sightings.asMap().replace(key, first, mine);
  }
}
