package io.hoptoll.correlator;

import io.hoptoll.model.Exchange;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Hop;
import io.hoptoll.model.Ledger;
import io.hoptoll.model.LegKind;
import io.hoptoll.model.Mark;
import io.hoptoll.model.Nanos;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Flattens a tree of hops: a server app's service time is replaced by the hops it waited for and
 * its own rest. Of hops in parallel the one that ended last counts; where a request was given up,
 * one that still ran, up to then. The charges sum to the root's total.
 */
final class CriticalPath {
  private static final long SERVICE = LegKind.SERVER_APP_SERVICE.bit();

  private static final Comparator<PathNode> LAST_FIRST =
      Comparator.comparingLong(PathNode::endNanos).reversed();

  private CriticalPath() {}

  static Charges charges(PathNode root) {
    Charges charges = new Charges();
    collect(root, new ThreadTurns(), charges);
    return charges;
  }

  /**
   * Appends them.
   *
   * @param turns who tells what else an app waited for, beside its hops
   */
  static void collect(PathNode node, ThreadTurns turns, Charges out) {
    collect(node, Long.MAX_VALUE, turns, out);
  }

  /**
   * @param until on the ledger's axis: what comes later nobody waited for
   */
  private static void collect(PathNode node, long until, ThreadTurns turns, Charges out) {
    HalfHop server = node.hop().server();
    boolean givenUp = until < Long.MAX_VALUE || (server != null && server.isUnanswered());
    Ledger ledger = node.hop().ledger();
    long shift = serverShift(node.hop());
    long start = ledger.startNanos();
    for (int i = 0; i < ledger.legCount() && start < until; i++) {
      long kinds = ledger.legKinds(i);
      long nanos = Math.min(ledger.legNanos(i), until - start);
      if ((kinds & SERVICE) == 0) {
        out.add(node.edge(), kinds, nanos);
      } else {
        long from = start - shift;
        boolean placed = Nanos.isSet(shift);
        long self = placed ? children(node, from, from + nanos, givenUp, turns, out) : nanos;
        out.add(node.edge(), kinds == SERVICE ? LegKind.SERVER_APP_SELF.bit() : kinds, self);
      }
      start += nanos;
    }
  }

  /** Charges the children on the critical path of the interval; returns what they leave. */
  private static long children(
      PathNode node, long from, long to, boolean givenUp, ThreadTurns turns, Charges out) {
    if (node.childCount() == 0) { // most, and nothing to sort
      return ownNanos(node, from, to, true, turns, out);
    }
    List<PathNode> lastFirst = lastFirst(node);
    long cursor = to;
    long self = 0;
    for (int i = 0; i < lastFirst.size(); i++) {
      PathNode child = lastFirst.get(i);
      boolean within = child.startNanos() >= from && child.startNanos() < cursor;
      if (within && child.endNanos() <= cursor) {
        self += ownNanos(node, child.endNanos(), cursor, cursor == to, turns, out);
        collect(child, turns, out);
        cursor = child.startNanos();
      } else if (within && (givenUp || isLeft(child))) {
        collect(child, cursor, turns, out);
        cursor = child.startNanos();
      }
    }
    return self + ownNanos(node, from, cursor, cursor == to, turns, out);
  }

  /** The server's own: those of an earlier attempt lie in the caller's wait for that. */
  private static List<PathNode> lastFirst(PathNode node) {
    List<PathNode> children = node.children();
    if (children.isEmpty() || children.size() == 1 && !children.get(0).isOfAttempt()) {
      return children;
    }
    List<PathNode> sorted = new ArrayList<>(children);
    sorted.removeIf(PathNode::isOfAttempt);
    sorted.sort(LAST_FIRST);
    return sorted;
  }

  /** Its caller no longer waits, and goes on before the sidecar has noticed. */
  private static boolean isLeft(PathNode child) {
    HalfHop client = child.hop().client();
    return client != null && client.isUnanswered();
  }

  /**
   * Charges what the app waited for beside its hops, between two of them; returns the rest.
   *
   * @param isLast nothing of the request comes after it: where it was given up, that was its end
   */
  private static long ownNanos(
      PathNode node, long from, long to, boolean isLast, ThreadTurns turns, Charges out) {
    HalfHop server = node.hop().server();
    Exchange serving = server == null ? null : server.servingApp();
    if (serving == null) {
      return to - from;
    }
    long waited =
        turns.waitedNanos(
            serving,
            node.children(),
            from,
            to,
            (peer, nanos) -> out.waited(node.edge(), turns.nameOf(peer), nanos));
    if (isLast && waited < to - from && server != null && server.isUnanswered()) {
      waited +=
          turns.openNanos(
              serving,
              node.children(),
              from,
              to,
              (peer, nanos) -> out.waited(node.edge(), peer, nanos));
    }
    if (waited > 0) {
      out.add(node.edge(), LegKind.SERVER_APP_DEPENDENCY.bit(), waited);
    }
    return to - from - waited;
  }

  /**
   * Of a server app's service time what no call that it waited for covers, on the critical path or
   * not, ns; all of it where no clock ties them.
   *
   * @param start on the ledger's axis
   */
  static long withoutCalls(PathNode node, long start, long nanos) {
    HalfHop server = node.hop().server();
    long shift = node.childCount() == 0 ? Nanos.UNSET : serverShift(node.hop());
    if (server == null || !Nanos.isSet(shift)) {
      return nanos;
    }
    long from = start - shift;
    long to = from + nanos;
    long cursor = to;
    long own = 0;
    for (PathNode child : lastFirst(node)) {
      boolean within = child.startNanos() >= from && child.startNanos() < cursor;
      if (within && (child.endNanos() <= to || server.isUnanswered() || isLeft(child))) {
        own += cursor - Math.min(cursor, child.endNanos());
        cursor = child.startNanos();
      }
    }
    return own + cursor - from;
  }

  /** Ledger axis less the server's own clock: 0 on one clock; unset where nothing ties them. */
  static long serverShift(Hop hop) {
    HalfHop server = hop.server();
    if (server == null) {
      return Nanos.UNSET;
    }
    Ledger.MarkTime read = hop.ledger().mark(Mark.SERVER_SIDECAR_READ);
    if (read == null) {
      return Nanos.UNSET;
    }
    Exchange down = server.downstream();
    long own =
        read.source() == Ledger.Source.KERNEL && down != null
            ? down.marks().readFirstNanos()
            : server.startNanos();
    return hop.ledger().startNanos() + read.nanos() - own;
  }
}
