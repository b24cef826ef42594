package io.hoptoll.als;

import java.time.Duration;

/** Every bound of the receiver in one place. */
final class Limits {
  /**
   * The largest message accepted. Envoy's TCP logger keeps entries without bound while it cannot
   * send, and then sends them as one message: 90,000 connections gave 8.5 MB, 225,000 about 21 MB.
   * 64 MiB is 700,000 connections of one sidecar. Held while it is read and decoded: twice this
   * much a stream, so {@link #EVENT_LOOPS_MAX} of them at most are decoded at a time.
   */
  static final int MESSAGE_BYTES = 64 << 20;

  /**
   * Bytes of all messages that have begun to arrive: four of {@link #MESSAGE_BYTES}. They lie in
   * direct memory, of which a JVM takes as much as it has heap at most.
   */
  static final long READING_BYTES = 4L * MESSAGE_BYTES;

  /** At most this part of the JVM's memory, if that is less. */
  static final int READING_SHARE = 2;

  /**
   * What a smaller message holds is counted, but it is never refused for it: Envoys send 16 KiB.
   */
  static final int LARGE_MESSAGE_BYTES = 256 << 10;

  /** A large message that takes longer to arrive goes first where the budget is used up. */
  static final Duration MESSAGE_READING = Duration.ofSeconds(30);

  /** Below this an Istio sidecar's first message (identifier of about 80 KB) may not fit. */
  static final int MESSAGE_BYTES_MIN = 128 << 10;

  /**
   * One loop was measured to take 127,000 entries/s (720 bytes each, 7.9 µs of CPU, on a busy
   * core): 40 nodes of 3,200/s.
   */
  static final int EVENT_LOOPS_MAX = 4;

  /**
   * Names shared per event loop: 500 sidecars' clusters, routes, hosts, paths. 8,192 of 2 x (16 +
   * 256) bytes at most: 5 MB a loop. A power of two.
   */
  static final int POOLED_NAMES = 8_192;

  /** Request ids shared per event loop: of 24 + 16 + 64 bytes, 0.9 MB. A power of two. */
  static final int POOLED_IDS = 8_192;

  /** Longer ones are no request ids as proxies make them. */
  static final int POOLED_ID_BYTES = 64;

  /** Longer ones are rarely the same twice. */
  static final int POOLED_NAME_BYTES = 256;

  /** Endpoints shared per event loop, 32 bytes each: 0.3 MB a loop. A power of two. */
  static final int POOLED_ENDPOINTS = 8_192;

  /** Outcomes shared per event loop, 40 bytes each. A power of two. */
  static final int POOLED_OUTCOMES = 256;

  /**
   * A larger message is checked to its end before its first entry goes on; a smaller one's spans
   * are held until then (about 350, 0.2 MB).
   */
  static final int HELD_MESSAGE_BYTES = 256 << 10;

  /** An event loop's buffer for the message being decoded; a larger message gets one of its own. */
  static final int KEPT_BUFFER_BYTES = 1 << 20;

  /**
   * Proxies whose last entry is remembered: 250 a node on 40 nodes. The longest silent one goes.
   */
  static final int PROXIES = 10_000;

  /**
   * Entries remembered to know their copies: 3,200/s x {@link #COPY_WAIT}, 25 bytes each. At
   * 200,000/s that is still 0.6 s, about one flush. A power of two.
   */
  static final int ENTRIES_REMEMBERED = 131_072;

  /** A copy comes with another logger's flush, 1 s by default; this is 30 flushes. */
  static final Duration COPY_WAIT = Duration.ofSeconds(30);

  /** A log that doubled another one is believed to go on doing so for this long. */
  static final Duration DOUBLE_LOG_MEMORY = Duration.ofSeconds(60);

  /** The same complaint about the same sender is logged once in this time. */
  static final Duration COMPLAINT_INTERVAL = Duration.ofMinutes(1);

  /** Distinct complaints remembered within {@link #COMPLAINT_INTERVAL}. */
  static final int COMPLAINTS = 1_000;

  /** A peer that died without a FIN is noticed after this, and its stream's memory freed. */
  static final Duration KEEPALIVE = Duration.ofMinutes(5);

  /** A frozen sidecar answers no ping; it is given this long before its connection is closed. */
  static final Duration KEEPALIVE_TIMEOUT = Duration.ofMinutes(1);

  /** Envoys may be set to ping; more often than this is refused (too_many_pings). */
  static final Duration KEEPALIVE_PERMITTED = Duration.ofSeconds(5);

  /** On close: what is on its way is still read until no message came for this long ... */
  static final Duration DRAIN_QUIET = Duration.ofMillis(100);

  /** ... but not longer than this in total (Envoys never stop sending). */
  static final Duration DRAIN_MAX = Duration.ofMillis(500);

  /** On close: connections that have not ended after this are cut. */
  static final Duration CLOSE_MAX = Duration.ofSeconds(2);

  private Limits() {}
}
