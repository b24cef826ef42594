package io.hoptoll.store;

/** Every bound of the store in one place. */
final class Limits {
  /**
   * Windows waiting to be written: one every 10 s of two tiers and their second writing, and a
   * batch of requests (64 kB); at restart and end up to 120. Of 0.6 MB at worst (512 edges, 256
   * paths), 150 MB.
   */
  static final int WINDOWS_WAITING = 256;

  /** How long a closing process waits for what still has to be written. */
  static final long CLOSE_SECONDS = 10;

  /** A store that failed is opened anew at most so often. */
  static final long REOPEN_SECONDS = 5;

  /** Memory for blocks that were read. */
  static final long CACHE_BYTES = 32L << 20;

  /** Memory for what is not in files yet, of all tiers together. */
  static final long WRITE_BUFFER_BYTES = 32L << 20;

  /** What compaction and flushes may write a second: windows come at 0.2 MB/s. */
  static final long BACKGROUND_BYTES_PER_SECOND = 32L << 20;

  /** Threads that compact and flush. */
  static final int BACKGROUND_JOBS = 2;

  static final int OPEN_FILES = 256;

  /** How often what is too old is removed. */
  static final long EXPIRY_SECONDS = 600;

  private Limits() {}
}
