package io.hoptoll.wire;

import java.time.Duration;

/** Every bound of both ends, with its arithmetic. */
final class Limits {
  /** Of one batch: 256 KiB of memory, about 700 exchanges. */
  static final int BATCH_NUMBERS = 32_768;

  /** Most columns of one record, a pod's addresses and containers included. */
  static final int ROW_NUMBERS = 1_024;

  /** Different texts of one batch: reasons, locations, program and container names. */
  static final int BATCH_TEXTS = 4_096;

  /** Different addresses of one batch. */
  static final int BATCH_HOSTS = 8_192;

  /** A longer text is cut: names in Kubernetes have 253 characters at most. */
  static final int TEXT_CHARS = 512;

  /** The same of what an access log entry says: paths have queries, ids may be tokens. */
  static final int LONG_TEXT_CHARS = 8_192;

  /**
   * Of all texts of a batch, beside the last row's: that one's 20 long ones are 0.5 MB in UTF-8.
   */
  static final int BATCH_TEXT_CHARS = 1 << 18;

  /** Addresses that a proxy says it has. */
  static final int POD_IPS = 32;

  /**
   * What a batch may be unpacked: 10 bytes a number, texts and hosts full; gzip may not hide more.
   */
  static final int ROWS_BYTES = 8 << 20;

  /** Messages on the stream: a batch never grows when packed. */
  static final int MESSAGE_BYTES = ROWS_BYTES + (64 << 10);

  /**
   * Batches filled and not packed yet: 16 MiB of numbers (of texts 32 MiB at worst), 45,000
   * exchanges: more than the probes' whole ring of 8 MiB holds. Above, new records are given up.
   */
  static final int FILLED_BATCHES = 64;

  /** Batches on their way to the server and not acknowledged. */
  static final int IN_FLIGHT = 64;

  /** A record waits at most so long for others. */
  static final Duration BATCH_AGE = Duration.ofMillis(100);

  static final Duration STATUS_EVERY = Duration.ofSeconds(1);

  /** Without an answer to Hello the stream is given up. */
  static final Duration HELLO_ANSWER = Duration.ofSeconds(10);

  static final Duration BACK_OFF_MIN = Duration.ofMillis(250);

  /** What a server that restarted has access logs of only; a thousand agents: 300 streams/s. */
  static final Duration BACK_OFF_MAX = Duration.ofSeconds(5);

  /** HTTP/2 pings find a peer that is gone without a word. */
  static final Duration KEEPALIVE = Duration.ofSeconds(10);

  static final Duration KEEPALIVE_TIMEOUT = Duration.ofSeconds(5);
  static final Duration KEEPALIVE_PERMITTED = Duration.ofSeconds(5);

  /** Namespaces, processes and pods of one node that are told again to a server that restarted. */
  static final int STATE_RECORDS = 32_768;

  /** Nodes that a server keeps account of; the one silent longest is forgotten first. */
  static final int NODES = 5_000;

  /** An agent silent for so long holds its node no more. Its Status comes each second. */
  static final Duration LEASE = Duration.ofSeconds(15);

  /** What a new agent of the same boot has not told again by then is gone. */
  static final Duration TELL_AGAIN = Duration.ofSeconds(15);

  /** What a node without an agent had is gone: its pods' addresses are given to others. */
  static final Duration FORGET_NODE = Duration.ofMinutes(2);

  /** A server whose queue stays full for so long takes the batch and counts what does not fit. */
  static final Duration ROOM_WAIT = Duration.ofSeconds(2);

  /** Namespaces whose heads are read at once; eight tasks run at once. */
  static final int READ_NAMESPACES = 64;

  private Limits() {}
}
