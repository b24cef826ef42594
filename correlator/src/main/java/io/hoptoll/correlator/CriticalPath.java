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
 * its own rest, and the wait for earlier attempts by what their servers' apps took of it. Of hops
 * in parallel the one that ended last counts; where a request was given up, one that still ran, up
 * to then. The charges sum to the root's total.
 */
final class CriticalPath {
  private static final long SERVICE = LegKind.SERVER_APP_SERVICE.bit();
  private static final long ATTEMPTS = LegKind.CLIENT_SIDECAR_ATTEMPTS.bit();

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
    boolean isRetried = !node.hop().attempts().isEmpty();
    long ofAttempts = isRetried ? attempts(node, attemptsNanos(ledger, until), turns, out) : 0;
    for (int i = 0; i < ledger.legCount() && start < until; i++) {
      long kinds = ledger.legKinds(i);
      long nanos = Math.min(ledger.legNanos(i), until - start);
      if (kinds == ATTEMPTS) {
        long charged = Math.min(nanos, ofAttempts);
        ofAttempts -= charged;
        out.add(node.edge(), kinds, nanos - charged);
      } else if ((kinds & SERVICE) == 0) {
        out.add(node.edge(), kinds, nanos);
      } else {
        long from = start - shift;
        boolean placed = Nanos.isSet(shift);
        long self = nanos;
        if (placed && server != null) {
          List<PathNode> calls = lastFirst(node);
          long to = from + nanos;
          self = calls(node, node.edge(), server, calls, from, to, givenUp, turns, out);
        }
        out.add(node.edge(), kinds == SERVICE ? LegKind.SERVER_APP_SELF.bit() : kinds, self);
      }
      start += nanos;
    }
  }

  /** The wait for earlier attempts, which a connect between them parts into several legs. */
  private static long attemptsNanos(Ledger ledger, long until) {
    long sum = 0;
    long start = ledger.startNanos();
    for (int i = 0; i < ledger.legCount() && start < until; i++) {
      long nanos = Math.min(ledger.legNanos(i), until - start);
      sum += ledger.legKinds(i) == ATTEMPTS ? nanos : 0;
      start += nanos;
    }
    return sum;
  }

  /** Charges what the apps of earlier attempts had of the wait for them; returns how much. */
  private static long attempts(PathNode node, long nanos, ThreadTurns turns, Charges out) {
    List<HalfHop> attempts = node.hop().attempts();
    long charged = 0;
    for (int i = 0; i < attempts.size() && charged < nanos; i++) {
      charged += attempt(node, attempts.get(i), nanos - charged, turns, out);
    }
    return charged;
  }

  /** By durations alone: it may have been on another clock. */
  private static long attempt(
      PathNode node, HalfHop attempt, long most, ThreadTurns turns, Charges out) {
    Exchange app = attempt.servingApp();
    if (app == null) {
      return 0;
    }
    Exchange.Marks m = app.marks();
    boolean givenUp = attempt.isUnanswered();
    long end = givenUp ? attempt.at(attempt.span().durationNanos()) : m.sendFirstNanos();
    if (!Nanos.isSet(end) || !Nanos.isSet(m.readyFirstNanos())) {
      return 0;
    }
    Edge edge = node.edge().tried(attempt);
    long read = Nanos.isSet(m.readFirstNanos()) ? Math.min(m.readFirstNanos(), end) : end;
    long pickup = Math.max(0, Math.min(most, read - m.readyFirstNanos()));
    if (pickup > 0) {
      out.add(edge, LegKind.SERVER_APP_PICKUP.bit(), pickup);
    }
    long from = Nanos.isSet(m.readLastNanos()) ? m.readLastNanos() : end;
    long service = Math.max(0, Math.min(most - pickup, end - from));
    if (service == 0) {
      return pickup;
    }
    List<PathNode> own = new ArrayList<>(node.children());
    own.removeIf(c -> !c.isOf(attempt));
    own.sort(LAST_FIRST);
    long self = calls(node, edge, attempt, own, from, from + service, givenUp, turns, out);
    out.add(edge, LegKind.SERVER_APP_SELF.bit(), self);
    return pickup + service;
  }

  /**
   * Charges the calls on the critical path of the interval; returns what they leave.
   *
   * @param server the node's, or an attempt's
   * @param calls its own, the last first
   */
  private static long calls(
      PathNode node,
      Edge edge,
      HalfHop server,
      List<PathNode> calls,
      long from,
      long to,
      boolean givenUp,
      ThreadTurns turns,
      Charges out) {
    long cursor = to;
    long self = 0;
    for (int i = 0; i < calls.size(); i++) {
      PathNode child = calls.get(i);
      boolean within = child.startNanos() >= from && child.startNanos() < cursor;
      if (within && child.endNanos() <= cursor) {
        long end = child.endNanos();
        self += ownNanos(calls, edge, server, end, cursor, cursor == to, turns, out);
        collect(child, turns, out);
        cursor = child.startNanos();
      } else if (within && (givenUp || isLeft(child))) {
        collect(child, cursor, turns, out);
        cursor = child.startNanos();
      }
    }
    return self + ownNanos(calls, edge, server, from, cursor, cursor == to, turns, out);
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
   * @param hops all that the app made
   * @param isLast nothing of the request comes after it: where it was given up, that was its end
   */
  private static long ownNanos(
      List<PathNode> hops,
      Edge edge,
      HalfHop server,
      long from,
      long to,
      boolean isLast,
      ThreadTurns turns,
      Charges out) {
    Exchange serving = server.servingApp();
    if (serving == null) {
      return to - from;
    }
    long waited =
        turns.waitedNanos(
            serving, hops, from, to, (peer, nanos) -> out.waited(edge, turns.nameOf(peer), nanos));
    if (isLast && waited < to - from && server.isUnanswered()) {
      waited +=
          turns.openNanos(serving, hops, from, to, (peer, nanos) -> out.waited(edge, peer, nanos));
    }
    if (waited > 0) {
      out.add(edge, LegKind.SERVER_APP_DEPENDENCY.bit(), waited);
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
