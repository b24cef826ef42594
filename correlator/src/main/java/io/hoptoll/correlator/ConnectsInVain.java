package io.hoptoll.correlator;

import io.hoptoll.model.Connection;
import io.hoptoll.model.Endpoint;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.Exchange.Role;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Latest;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.SidecarSpan;
import io.hoptoll.model.TransportEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Connects that nobody answered, by process. A request that waits for one and is given up, or goes
 * elsewhere by a retry, has no connection that its access log could name.
 */
final class ConnectsInVain {
  /** Of the first SYN; doubled with each (RFC 6298 5.7 and 2.1, Linux' TCP_TIMEOUT_INIT). */
  private static final long FIRST_TIMEOUT_NANOS = Nanos.PER_SECOND;

  static final int REFUSED = 111; // ECONNREFUSED: that is an answer

  /** From its SYN on, as long as it is known to have had no answer. */
  private static final class Attempt {
    final Endpoint peer;
    final long fromNanos;
    long untilNanos;

    Attempt(Endpoint peer, long fromNanos, long untilNanos) {
      this.peer = peer;
      this.fromNanos = fromNanos;
      this.untilNanos = untilNanos;
    }
  }

  /** By socket. */
  private final Map<ProcessKey, Map<Long, Attempt>> processes =
      new Latest<>(Limits.PROCESSES_CALLING);

  /** Which cluster an address last answered for. */
  private final Map<Endpoint, String> clusters = new Latest<>(Limits.CLUSTER_ADDRESSES);

  void event(TransportEvent e) {
    if (e.kind() != TransportEvent.Kind.RETRANSMIT_SYN || e.tgid() == 0) {
      return;
    }
    Map<Long, Attempt> own = of(new ProcessKey(e.node(), e.tgid()));
    Attempt known = own.get(e.socketId());
    if (known == null) {
      long syn = e.atNanos() - FIRST_TIMEOUT_NANOS;
      own.put(e.socketId(), new Attempt(e.tuple().remote(), syn, e.atNanos()));
    } else { // unanswered so often, it will hardly be sooner than by the next
      known.untilNanos = e.atNanos() + (e.atNanos() - known.fromNanos);
    }
  }

  /** Its end, and that it came to stand, are exact. */
  void connection(Connection c) {
    if (c.role() != Role.CONNECT) {
      return;
    }
    boolean isInVain = c.life().end() == Connection.End.NEVER_ESTABLISHED && c.error() != REFUSED;
    if (!isInVain && processes.isEmpty()) {
      return;
    }
    ProcessKey process = new ProcessKey(c.node(), c.owner().tgid());
    Map<Long, Attempt> own = isInVain ? of(process) : processes.get(process);
    Attempt known = own == null ? null : own.get(c.socketId());
    long established = c.opening().establishedNanos();
    long until = Nanos.isSet(established) ? established : c.closeNanos();
    if (known != null && Nanos.isSet(until)) {
      known.untilNanos = Math.min(known.untilNanos, until);
    }
    if (isInVain && own != null && Nanos.isSet(c.opening().synNanos()) && Nanos.isSet(until)) {
      own.put(c.socketId(), new Attempt(c.tuple().remote(), c.opening().synNanos(), until));
    }
  }

  private Map<Long, Attempt> of(ProcessKey process) {
    return processes.computeIfAbsent(process, k -> new Latest<>(Limits.CONNECTS_PER_PROCESS));
  }

  /**
   * How long the caller's sidecar had connects to the called service without an answer while it had
   * the request, ns; 0 where it then sent it on at once. Of a request that got a connection which
   * another freed: while it waited for that, because one of its own did not come to stand.
   *
   * @param peers hears whom they went to
   */
  long waitedNanos(HalfHop client, Consumer<Endpoint> peers) {
    SidecarSpan span = client.span();
    Exchange up = client.upstream();
    learn(span);
    Exchange down = client.downstream();
    if (processes.isEmpty() || down == null) {
      return 0;
    }
    long from = down.marks().readFirstNanos();
    boolean isElsewhere = isElsewhere(span, up);
    long until = isElsewhere ? answeredNanos(down) : client.pool().freeNanos();
    if (!Nanos.isSet(from) || !Nanos.isSet(until) || until <= from) {
      return 0; // nearly all
    }
    Map<Long, Attempt> own = processes.get(new ProcessKey(down.node(), down.owner().tgid()));
    if (own == null) {
      return 0;
    }
    // each host has a pool of its own: what goes to another keeps nobody waiting in this one
    Predicate<Endpoint> which = isElsewhere || up == null ? p -> true : up.tuple().remote()::equals;
    return covered(own, span, which, from, until, peers);
  }

  private static long answeredNanos(Exchange down) {
    long answered = down.marks().sendFirstNanos();
    return Nanos.isSet(answered) ? answered : down.emitNanos();
  }

  private void learn(SidecarSpan span) {
    Endpoint peer = span.upstreamRemote();
    if (peer.isSet() && !span.upstreamCluster().equals(clusters.get(peer))) {
      clusters.put(peer, span.upstreamCluster());
    }
  }

  /**
   * Whether it had attempts that its connection, also one whose turn was lost, does not tell of.
   */
  private static boolean isElsewhere(SidecarSpan span, @Nullable Exchange up) {
    boolean isSentOn =
        up != null
            || span.upstreamRemote().isSet() && Nanos.isSet(span.times().firstUpstreamTxNanos());
    return !isSentOn || Attempts.isRetried(span);
  }

  private long covered(
      Map<Long, Attempt> own,
      SidecarSpan span,
      Predicate<Endpoint> which,
      long from,
      long to,
      Consumer<Endpoint> peers) {
    List<Attempt> all = new ArrayList<>();
    for (Attempt a : own.values()) {
      String cluster = clusters.get(a.peer);
      boolean isOwn = cluster == null || cluster.equals(span.upstreamCluster());
      if (isOwn && which.test(a.peer) && a.untilNanos > from && a.fromNanos < to) {
        all.add(a);
      }
    }
    all.sort(Comparator.comparingLong(a -> a.fromNanos));
    long sum = 0;
    long at = from;
    for (Attempt a : all) {
      long until = Math.min(a.untilNanos, to);
      sum += Math.max(0, until - Math.max(at, a.fromNanos));
      at = Math.max(at, until);
    }
    all.stream().map(a -> a.peer).distinct().forEach(peers);
    return sum;
  }
}
