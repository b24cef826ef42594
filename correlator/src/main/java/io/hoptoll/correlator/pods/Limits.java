package io.hoptoll.correlator.pods;

import io.hoptoll.model.Nanos;

/** Every bound of the pods' tables in one place. A line takes about 3 kB, a socket 0.5 kB. */
final class Limits {
  /** Pods of all nodes that report here; the traffic of more is counted, not kept. */
  static final int PODS = 1_024;

  /** Lines of one pod: its processes with their 60 busiest peers; more share {other}. */
  static final int LINES_PER_POD = 64;

  /** Lines of all pods: 50 MB. */
  static final int LINES = 16_384;

  /** A line without traffic is forgotten after this time, and its place is free. */
  static final long LINE_IDLE_NANOS = 15 * 60 * Nanos.PER_SECOND;

  /** A walk over all lines takes about a millisecond. */
  static final long FORGET_EVERY_NANOS = 10 * Nanos.PER_SECOND;

  /** Open sockets whose latest turn is remembered, 30 MB; the longest unused are forgotten. */
  static final int SOCKETS = 65_536;

  /** Ends of connections by address, to find the process at the other end: 10 MB. */
  static final int ENDS = 65_536;

  /**
   * A socket's first exchange waits this long for the report of its other end, which the idle flush
   * (200 ms) brings, and a busy machine delays.
   */
  static final long PEER_WAIT_NANOS = Nanos.PER_SECOND;

  /** Exchanges that wait for it: 10,000/s, all on new connections, x PEER_WAIT, x 2. */
  static final int WAITING = 20_000;

  /** Processes and pods known by name. */
  static final int PROCESSES = 16_384;

  static final int NAMES = 8_192;

  /** Ended processes are shown this long. */
  static final long ENDED_NANOS = LINE_IDLE_NANOS;

  /** Client ends known to speak HTTP, from access logs. */
  static final int HTTP_ENDS = 65_536;

  /** Requests without answer, of all pods: 3 MB, 11 MB with the longest heads. */
  static final int OPEN_REQUESTS = 4_096;

  /**
   * HTTP/2 requests whose status is not final, of all pods: 5 MB with heads of 0.4 kB, 20 MB with
   * the longest (2.3 kB); a walk over them takes 0.1 ms.
   */
  static final int STREAMS = 8_192;

  /**
   * Answers of one HTTP/2 connection that wait until it is known whose line they are on, with their
   * requests' heads: 0.1 MB, 0.6 MB with the longest.
   */
  static final int STREAMS_UNPLACED = 256;

  /** Requests given up lately, of all pods, and as many answered at last: about 250 B each. */
  static final int GIVEN_UP = 1_024;

  /** As long as access logs may tell nothing of them: a flush, and what their halves wait for. */
  static final long GIVEN_UP_NANOS = 12 * Nanos.PER_SECOND;

  /** Of one that was answered at last: its entry comes soon (a flush, and the join's wait). */
  static final long ANSWERED_LATE_NANOS = 5 * Nanos.PER_SECOND;

  /** Over sooner, none was hanging. */
  static final long GIVEN_UP_AFTER_NANOS = Nanos.PER_SECOND / 2;

  /** Ports of processes whose answers are counted, of about 400 B. */
  static final int PORTS_ANSWERING = 4_096;

  /** Client ends of connections that spoke another protocol than HTTP at their end (101). */
  static final int UPGRADED_ENDS = 4_096;

  /** Of these, one pod's, in one answer. */
  static final int OPEN_REQUESTS_SHOWN = 64;

  /** Routes of one side of a line, 2 kB: what HTTP heads name beyond them is {other}. */
  static final int ROUTES_PER_LINE = 16;

  static final int STATUSES_PER_LINE = 32;

  private Limits() {}
}
