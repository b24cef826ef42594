package io.hoptoll.app.exemplar;

import io.hoptoll.model.Nanos;

/** Every bound of the exemplars in one place. */
final class Limits {
  /** A crash loses so much at most. */
  static final long EVERY_NANOS = 10 * Nanos.PER_SECOND;

  /** Candidates of ten seconds: of some 10 kB in memory, 5 MB. */
  static final int CANDIDATES = 512;

  /** Kept of ten seconds. */
  static final int KEPT = 16;

  /**
   * The same in bytes as stored: at most 6.4 kB/s, so that 512 MiB hold a day at the very least
   * (KEPT requests of four hops, about 3 kB each, fill it).
   */
  static final int KEPT_BYTES = 64 << 10;

  /** Encoding waits for at most so many times ten seconds; 16 requests each. */
  static final int WAITING = 8;

  /** Rows that a search reads, the latest first: some tenths of a second. */
  static final int ROWS = 50_000;

  /** Rows come by their end, pages by when they were joined, up to a minute later. */
  static final int OUT_OF_ORDER = 6 * KEPT;

  /** Requests of one id. */
  static final int OF_ID = 32;

  /** How long a closing process waits for what still has to be encoded. */
  static final long CLOSE_MILLIS = 3_000;

  private Limits() {}
}
