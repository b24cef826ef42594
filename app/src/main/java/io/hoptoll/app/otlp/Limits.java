package io.hoptoll.app.otlp;

import java.time.Duration;

/** Every bound of this package. */
final class Limits {
  /** Spans that wait for the exporter, about 1 kB each; the newest is dropped and counted. */
  static final int SPANS_WAITING = 8_192;

  /** Spans a message. */
  static final int SPANS_PER_EXPORT = 1_024;

  /** How long spans wait for a message to fill. */
  static final Duration EXPORT_EVERY = Duration.ofSeconds(1);

  /** An export that takes longer has failed. */
  static final Duration EXPORT_TIMEOUT = Duration.ofSeconds(5);

  /** Hops of one request whose legs become spans; 20 legs each. */
  static final int HOPS_PER_REQUEST = 64;

  private Limits() {}
}
