package io.hoptoll.correlator;

import io.hoptoll.model.OneWriterCounts;

/** What was joined and what was not, by reason. Written by the correlator's thread, read by any. */
public final class JoinCounters {

  /** Stable names, exported with the reason in lower case. */
  public enum Count {
    SPANS_IN,
    EXCHANGES_IN,
    CONNECTIONS_IN,
    BURSTS_IN,
    /** Gaps in what was told of multiplexed connections: bursts were lost on their way here. */
    BURSTS_MISSING,
    /** Of the entries: those that an agent had joined with its node's sockets. */
    HALVES_REPORTED,
    /** Exchanges that such a half hop names and that did not come, or are forgotten. */
    REPORTED_EXCHANGE_MISSING,
    /** Hops with both spans and all six socket ends. */
    HOPS_FULL,
    /** Hops with both spans, some socket end missing. */
    HOPS_PARTIAL,
    /** Hops with one span only. */
    HOPS_HALF,
    /** Server entries of earlier attempts, attached to their retried request. */
    ATTEMPTS_ATTACHED,
    /** Server entries of failed attempts that several requests of one id could own. */
    ATTEMPTS_AMBIGUOUS,
    REQUESTS,
    /**
     * Those that are not kept to be looked up: without an id, too many in a second, or under load.
     */
    REQUESTS_NOT_KEPT,
    /** Requests without a name of their own: too many different paths. */
    ROUTES_OTHER,
    /** Places in paths where segments turned out to be ids. */
    ROUTES_LEARNT,
    /**
     * Roots whose caller is in the mesh but sent no entry: not windowed, their total is unknown.
     */
    REQUEST_INCOMPLETE,
    /** Requests and answers of TCP connections, as one pod's sockets carried them. */
    TCP_TURNS,
    /** Those whose sockets disagree: the proxy merged or split what was said. */
    TCP_TURNS_AMBIGUOUS,
    /** TCP connections that ended, or were forgotten, without an answered turn. */
    TCP_WITHOUT_TURNS,
    /** TCP connections open at once beyond the bound. */
    TCP_CONNECTIONS_FORGOTTEN,
    /** Exchanges that no entry ever asked for (of TCP connections: within the wait). */
    EXCHANGES_UNCLAIMED,
    /** Requests on sidecars' sockets that an entry told, where the sockets can be compared. */
    REQUESTS_LOGGED,
    /** Those that none told: lost on the way, or filtered. */
    REQUESTS_NOT_LOGGED,
    SPAN_NOT_END,
    /** No network namespace has this proxy's address: no agent on its node, or host network. */
    SPAN_NO_NAMESPACE,
    SPAN_NO_DOWNSTREAM_SOCKET,
    SPAN_NO_UPSTREAM_SOCKET,
    /** The exchange found was already taken by another span. */
    EXCHANGE_TAKEN,
    /** The sidecar's peer in the pod is not found under the original destination (port rewrite). */
    APP_SOCKET_NAT_UNKNOWN,
    CLIENT_WITHOUT_SERVER,
    SERVER_WITHOUT_CLIENT,
    /** Looks at a multiplexed connection that could not tell equal requests apart (yet). */
    STREAMS_AMBIGUOUS,
    /** Calls given to the request that was being served meanwhile: their app forwards no header. */
    PARENTS_INFERRED,
    /** Looks at such a call that could be for several requests. */
    PARENTS_AMBIGUOUS,
    /** A child hop whose request was already assembled. */
    HOP_LATE,
    LEDGER_MARKS_MERGED,
    CLOCKS_CONTRADICT,
    /** Exchanges of two nodes contradicted all before them, and agreed with each other. */
    NODE_CLOCK_MOVED,
    /** Hops between nodes whose clocks are not known well enough to tell transport's two ways. */
    TRANSPORT_ONE_LEG,
    /** Archived parts of windows in a form that this version does not read. */
    ARCHIVE_UNREADABLE,
    DROPPED_EXCHANGES,
    DROPPED_SPANS,
    DROPPED_HALVES,
    DROPPED_HOPS,
    RING_LOST
  }

  /** By ordinal. */
  private final OneWriterCounts counts = new OneWriterCounts(Count.values().length);

  void add(Count count) {
    add(count, 1);
  }

  void add(Count count, long n) {
    counts.add(count.ordinal(), n);
  }

  public long get(Count count) {
    return counts.get(count.ordinal());
  }
}
