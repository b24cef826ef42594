package io.hoptoll.als;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The trace context a request carried, as W3C's {@code traceparent}: that header, else Zipkin's
 * {@code b3}, else its older {@code x-b3-*} (https://github.com/openzipkin/b3-propagation). Empty
 * where none was logged.
 */
final class TraceHeaders {
  /** trace id of 64 or 128 bits, span id, sampling state, parent. */
  private static final Pattern B3 =
      Pattern.compile("([0-9a-fA-F]{16}|[0-9a-fA-F]{32})-([0-9a-fA-F]{16})(?:-([01d]))?(?:-.*)?");

  private TraceHeaders() {}

  /** Each header's value, empty where absent. */
  static String traceparent(
      String traceparent, String b3, String traceId, String spanId, String sampled) {
    if (!traceparent.isEmpty()) {
      return traceparent;
    }
    if (!b3.isEmpty()) {
      return fromB3(b3);
    }
    return traceId.isEmpty()
        ? ""
        : fromB3(traceId + "-" + spanId + (sampled.isEmpty() ? "" : "-" + sampled));
  }

  /** Deferred decisions count as sampled: whoever deferred may have kept it. */
  private static String fromB3(String b3) {
    Matcher m = B3.matcher(b3);
    if (!m.matches()) {
      return "";
    }
    String flags = "0".equals(m.group(3)) ? "00" : "01";
    String traceId = m.group(1).length() == 16 ? "0".repeat(16) + m.group(1) : m.group(1);
    return ("00-" + traceId + "-" + m.group(2) + "-" + flags).toLowerCase(java.util.Locale.ROOT);
  }
}
