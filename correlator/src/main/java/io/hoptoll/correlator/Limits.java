package io.hoptoll.correlator;

import io.hoptoll.model.Nanos;

/**
 * Every bound of the correlator in one place. Sizes assume 400 requests/s over 4 hops on one node:
 * 3,200 spans/s and 9,600 exchanges/s; a full room drops its oldest and counts it.
 */
final class Limits {
  /** 9,600/s x 20 s of exchanges, rounded up: about 0.5 kB each, 100 MB at worst. */
  static final int EXCHANGES = 200_000;

  /**
   * An exchange waits this long for a span: two ALS flushes (1 s) and the longest usual request.
   */
  static final long EXCHANGE_WAIT_NANOS = 20 * Nanos.PER_SECOND;

  /** Exchanges that no entry asked for in time: about 0.5 kB each, 25 MB at worst. */
  static final int UNCLAIMED = 50_000;

  /**
   * The same of pods of which no entry has come: the first seconds of a pod of the mesh; 25 MB and
   * 10 MB at worst.
   */
  static final int EXCHANGES_OF_OTHERS = 50_000;

  static final int UNCLAIMED_OF_OTHERS = 20_000;

  /** Those wait this long for the entry of a TCP connection, which may come at its end only. */
  static final long UNCLAIMED_WAIT_NANOS = 600 * Nanos.PER_SECOND;

  /** Proxied TCP connections that entries have named: about 1 kB each. */
  static final int TCP_CONNECTIONS = 16_384;

  /** One without an end, of which neither entry nor turn comes for this long, is forgotten. */
  static final long TCP_SILENCE_NANOS = 3_600 * Nanos.PER_SECOND;

  /** All of them are looked at this often. */
  static final long TCP_LOOK_NANOS = 200 * Nanos.PER_MILLI;

  /** Connections known to be multiplexed. */
  static final int MULTIPLEXED = 16_384;

  /** Bursts kept of all connections; about 200 B each, 40 MB at worst. */
  static final int BURSTS = 200_000;

  /** Bursts kept of one end and direction: 200/s for 5 s; about 200 B each. */
  static final int BURSTS_PER_SOCKET = 1_024;

  /** Turns remembered of one socket end; older ones are surely joined or lost. */
  static final int TURNS_PER_SOCKET = 256;

  /** A span waits this long for its exchanges: idle flush (200 ms), poll and a busy machine. */
  static final long SPAN_WAIT_NANOS = 2_500 * Nanos.PER_MILLI;

  /** Spans waiting: 3,200/s x SPAN_WAIT, with a burst of a backlog. */
  static final int SPANS_WAITING = 100_000;

  /**
   * A half hop waits this long for its partner: another sidecar's ALS flush, twice, and a stall.
   */
  static final long HALF_WAIT_NANOS = 4 * Nanos.PER_SECOND;

  /**
   * A server's half waits this long where the caller's sidecar is one that logs: a client may wait
   * for an answer that is sent again and again. Less than {@link #ORPHAN_WAIT_NANOS} by two ALS
   * flushes (1 s) and their delays: what the server called came before and must not give up first.
   */
  static final long CALLER_WAIT_NANOS = 11 * Nanos.PER_SECOND;

  /** Of a caller that has logged no call for this long nothing is waited for. */
  static final long CALLER_SILENCE_NANOS = 60 * Nanos.PER_SECOND;

  /** Half hops waiting, 3,200/s x HALF_WAIT with room for a burst. */
  static final int HALVES_WAITING = 100_000;

  /**
   * Connections remembered though no half waits on them, of about 250 B: the idle ones go when
   * there are so many, or twice as many as were in use when they went last; 100 MB at worst, where
   * each of {@link #HALVES_WAITING} is on a connection of its own.
   */
  static final int LANES_KEPT = 16_384;

  /** Halves of one burst wait for each other: an ALS flush (1 s). */
  static final long STREAM_WAIT_NANOS = 1_200 * Nanos.PER_MILLI;

  /** A retried request waits this long for the server entries of its earlier attempts. */
  static final long ATTEMPT_WAIT_NANOS = 1_200 * Nanos.PER_MILLI;

  /** A hop waits this long for the other hops of its request: an ALS flush (1 s). */
  static final long PATH_WAIT_NANOS = 1_300 * Nanos.PER_MILLI;

  /**
   * A pod that has called for so long and has served nothing serves nothing: its calls are the
   * first hops of requests.
   */
  static final long CALLER_KNOWN_NANOS = 15 * Nanos.PER_SECOND;

  /** Sidecars whose streams have all ended are looked for this often. */
  static final long LOGS_LOOK_NANOS = 10 * Nanos.PER_SECOND;

  /** An app whose call came after its request was complete is waited for, for so long. */
  static final long OUTLASTING_NANOS = 60 * Nanos.PER_SECOND;

  /** Hops of which it is remembered what they served, of 32 B: 4 MB, 3 s of 40,000/s. */
  static final int SERVED_LATELY = 131_072;

  /**
   * Where sockets are watched a request waits this long for what the kernel tells of them besides
   * exchanges: idle flush (200 ms), poll, an agent's batch and a busy machine.
   */
  static final long EVENTS_WAIT_NANOS = 600 * Nanos.PER_MILLI;

  /** A proxy has written an entry so long after the request's end, whatever its worker does. */
  static final long WRITE_WAIT_NANOS = 20 * Nanos.PER_MILLI;

  /** An app made so many calls, each with an id that it had not served: it forwards none. */
  static final int CALLS_OF_NOBODY = 256;

  /**
   * Of the calls of such an app one in so many waits for a parent as before: it may have changed.
   */
  static final int STILL_LOOKED_AT = 64;

  /**
   * A call by a pod that serves waits this long for the end of what it was made for: Envoy's
   * default route timeout.
   */
  static final long ORPHAN_WAIT_NANOS = 15 * Nanos.PER_SECOND;

  /** Such calls that wait; the oldest become roots. */
  static final int ORPHANS = 8_192;

  /** Calls of one pod to one address among which one is looked for whose port was rewritten. */
  static final int CALLS_LOOKED_AT = 256;

  /** Unanswered calls remembered of one process, about 100 B each: 170/s for 3 s. */
  static final int OPEN_CALLS_PER_PROCESS = 512;

  /** Processes with such calls: 13 MB at worst. */
  static final int PROCESSES_CALLING = 256;

  /**
   * Segments of one process sent again by time-out, the latest, of about 100 B: 6.5 MB at worst.
   */
  static final int SENT_AGAIN_PER_PROCESS = 256;

  /** They are asked for over the last 10 s; each exchange of the process goes through them. */
  static final long SENT_AGAIN_NANOS = 30 * Nanos.PER_SECOND;

  /** Connects in vain of one process, the latest, of about 150 B: 5 MB at worst. */
  static final int CONNECTS_PER_PROCESS = 128;

  /** Addresses of which it is known for which cluster they answer, of about 100 B. */
  static final int CLUSTER_ADDRESSES = 16_384;

  /**
   * Addresses that one workload called for one path: the pods behind it. About 64 B each, 33 MB at
   * worst.
   */
  static final int PEERS_PER_ACTOR = 128;

  /** Requests in service at once in one pod, of which one is looked for. */
  static final int PARENTS_LOOKED_AT = 256;

  /** Calls of one name in one pod, of which a request's are looked for before their turn. */
  static final int NAMESAKES_LOOKED_AT = 256;

  /** A root waits at most this long: a half that gives up, and its own wait here. */
  static final long ROOT_WAIT_NANOS = HALF_WAIT_NANOS + 2 * PATH_WAIT_NANOS;

  /** Hops waiting in path assembly, 40,000/s x PATH_WAIT: of about 1 kB, 100 MB at worst. */
  static final int HOPS_WAITING = 100_000;

  /**
   * What emitted hops served, for calls that come late: of about 250 B, 25 MB at worst; where no
   * socket was seen see {@link #SERVED_LATELY}.
   */
  static final int HOPS_PAST = 100_000;

  /** One-second windows kept: 15 minutes. */
  static final int WINDOWS = 900;

  /** A range that ended so long ago at most reaches to the present: the last entries just came. */
  static final int PRESENT_SECONDS = 5;

  /** Paths with a window of their own; the rest share {@code {other}}. */
  static final int PATHS = 256;

  /** Services whose paths are learnt apart. */
  static final int SERVICES = 512;

  /** Paths of one service remembered as they were asked for, of about 400 B: 51 MB at worst. */
  static final int ROUTES_ASKED = 256;

  /** Characters of such a path. */
  static final int LONGEST_ROUTE_ASKED = 128;

  /** Different segments at one place of a service's paths; with more, the rare ones are ids. */
  static final int SEGMENTS_AT_A_PLACE = 64;

  /** Places of one service's paths: of about 200 B, 100 MB with {@link #SERVICES} at worst. */
  static final int PLACES_PER_SERVICE = 1_024;

  /** Kinds of failure of one path in one window. */
  static final int FAILURES_PER_PATH = 64;

  /** Edges of one path. */
  static final int EDGES_PER_PATH = 128;

  /** Edges of one window: of about 4.4 kB each, in 120 + 78 windows, 446 MB at worst. */
  static final int EDGES = 512;

  /**
   * Of one second, any, and as many again that failed or were slow: so those kept reach back 10 s.
   */
  static final int REQUESTS_KEPT_A_SECOND = 1_000;

  /** Finished requests kept for look-up by id. */
  static final int REQUESTS_KEPT = 20_000;

  /** Sockets, flows and listeners with losses: of about 200 B an entry, 38 MB a kind at worst. */
  static final int TROUBLED_SOCKETS = 4_096;

  static final int TROUBLES_PER_SOCKET = 48;

  /** Reasons and places of drops kept of one edge in one window. */
  static final int DROP_REASONS = 16;

  /** Pods shown whose access logs told least, and how often they are looked for. */
  static final int ACCESS_LOGS_SHOWN = 20;

  static final long ACCESS_LOGS_LOOK_NANOS = 5 * Nanos.PER_SECOND;

  /** Network namespaces, nodes' clock samples. */
  static final int NAMESPACES = 10_000;

  static final int CLOCK_SAMPLES = 120;

  /** Two nodes that call each other, the latest: of about 250 B, 4 MB at worst. */
  static final int NODE_PAIRS = 16_384;

  /** Processes whose CPU is followed per window. */
  static final int PROCESSES = 4_096;

  /** Processes of one workload's app or sidecar: its replicas; of those gone, the latest. */
  static final int PROCESSES_PER_ACTOR = 128;

  /** Threads of apps whose turns are remembered: with those about 10 kB each, 82 MB at worst. */
  static final int THREADS = 8_192;

  /** Calls remembered of each, of about 72 B: as many as a careless request makes. */
  static final int CALLS_PER_THREAD = 128;

  /** Requests served by each: those of an event loop at once, of which one is enough to know. */
  static final int SERVED_PER_THREAD = 16;

  /** Latest turns of a thread among which an earlier report of the same one is looked for. */
  static final int REPORTS_LOOKED_AT = 8;

  /** Peers that one edge's app waited for, kept in one window. */
  static final int PEERS = 16;

  /**
   * Server pods of one edge told apart in one window, of about 120 B: the first; the rest is one.
   */
  static final int PODS_PER_EDGE = 16;

  /** Connections whose source port NAT replaced, 3 MB: rare ones. */
  static final int REWRITES = 16_384;

  private Limits() {}
}
