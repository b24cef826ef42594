package io.hoptoll.correlator;

import io.hoptoll.model.Endpoint;
import io.hoptoll.model.Latest;
import io.hoptoll.model.Proxy;
import io.hoptoll.model.SidecarSpan;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Hosts whose sidecars log their calls, and did so lately: one whose stream broke, or whose pod is
 * gone, tells of no call that is still waited for.
 */
final class Callers {
  /** Entries of one proxy come by the message: of the next ones nothing is noted for this long. */
  private static final long NOTED_NANOS = Limits.CALLER_SILENCE_NANOS / 8;

  /**
   * When each logged a call last; the one silent longest is forgotten first. In place: no boxes.
   */
  private final Map<Endpoint, long[]> lastCalls = Latest.used(Limits.NAMESPACES);

  /** Whose call was noted last, and when. */
  private @Nullable Proxy lately;

  private long latelyNanos;

  /** Every entry, as it comes. */
  @SuppressWarnings("ReferenceEquality") // of one stream all entries share their proxy
  void span(SidecarSpan span, long nowNanos) {
    boolean isNoted = span.proxy() == lately && nowNanos - latelyNanos < NOTED_NANOS;
    if (!isNoted && span.isOutbound() && span.upstreamLocal().isSet()) {
      lately = span.proxy();
      latelyNanos = nowNanos;
      Endpoint host = span.upstreamLocal().host();
      lastCalls.computeIfAbsent(host, h -> new long[1])[0] = nowNanos;
    }
  }

  boolean hasCalledLately(Endpoint host, long nowNanos) {
    long[] last = lastCalls.get(host);
    return last != null && nowNanos - last[0] < Limits.CALLER_SILENCE_NANOS;
  }
}
