package io.hoptoll.correlator;

import io.hoptoll.correlator.JoinCounters.Count;
import io.hoptoll.model.ClockOffset;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Ledger;
import io.hoptoll.model.LegKind;
import io.hoptoll.model.Mark;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.SidecarSpan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Marks → legs. Between two neighbouring marks that are present lies one leg, named for every kind
 * in between: a missing or contradictory mark merges legs by construction, and the sum always is
 * the total.
 *
 * <p>Two nodes' clocks are compared by {@link ServerPlacement} alone.
 */
final class LedgerBuilder {
  private static final long TRANSPORT_BOTH_WAYS =
      LegKind.TRANSPORT_REQUEST.bit() | LegKind.TRANSPORT_RESPONSE.bit();

  /** Where a request is that its sidecar handed over and that was given up before an answer. */
  private static final long WITH_APP =
      LegKind.SERVER_LOOPBACK_REQUEST.bit()
          | LegKind.SERVER_APP_PICKUP.bit()
          | LegKind.SERVER_APP_SERVICE.bit();

  private static final Mark[] MARKS = Mark.values();

  /** Bit set of {@link Mark#ordinal()}. */
  private static final int SERVER_SIDE = serverSide();

  /** By first and last mark: a hop's total has one of few names, none is made anew. */
  private static final String[] TOTAL_NAMES = totalNames();

  /** What follows is a conversation (WebSocket): how long it goes on is no one's delay. */
  private static final int SWITCHING_PROTOCOLS = 101;

  private final JoinCounters counters;
  private final ServerPlacement placement;

  /** Of the hop at hand; used again for the next. */
  private final Axis axis = new Axis();

  private final LegSplit split = new LegSplit();
  private final Ledger.Draft draft = new Ledger.Draft();

  LedgerBuilder(JoinCounters counters) {
    this.counters = counters;
    this.placement = new ServerPlacement(counters);
  }

  Ledger build(@Nullable HalfHop client, @Nullable HalfHop server, List<HalfHop> attempts) {
    axis.clear();
    if (client != null) {
      clientMarks(axis, client);
    }
    if (server != null) {
      serverMarks(axis, server);
    }
    ClockOffset clocks =
        client == null || server == null || HopMatch.sameClock(client, server)
            ? null
            : placement.place(axis, client, server);
    boolean bothWays = clocks != null && !clocks.applied();
    List<Mark> merged = axis.removeContradictions();
    if (!merged.isEmpty()) {
      counters.add(Count.LEDGER_MARKS_MERGED, merged.size());
    }
    int marks = axis.bits();
    Mark first = Axis.first(marks);
    Mark last = Axis.last(marks);
    long start = axis.at(first);
    draft.begin();
    boolean isPlaced = (marks & SERVER_SIDE) != 0; // else no clock ties the server's to the axis
    split.begin(client, server, attempts, isPlaced ? axis.serverShift() : Nanos.UNSET);
    legs(marks, bothWays, server != null && server.isUnanswered());
    for (int rest = marks; rest != 0; rest &= rest - 1) {
      Mark mark = Axis.first(rest);
      draft.mark(mark, axis.at(mark) - start, axis.source(mark));
    }
    HalfHop outer = client != null ? client : java.util.Objects.requireNonNull(server);
    String name = TOTAL_NAMES[first.ordinal() * MARKS.length + last.ordinal()];
    return draft.balanced(outer.node(), start, axis.at(last) - start, name, merged, clocks);
  }

  private static void clientMarks(Axis axis, HalfHop half) {
    Exchange e1 = half.callingApp();
    Exchange e2 = half.downstream();
    Exchange e3 = half.upstream();
    if (e1 != null) {
      axis.kernel(Mark.CLIENT_APP_SENT, e1.marks().sendFirstNanos());
      axis.kernel(Mark.CLIENT_APP_ANSWER_READY, e1.marks().readyFirstNanos());
      axis.kernel(Mark.CLIENT_APP_ANSWER_READ, e1.marks().readFirstNanos());
      axis.kernel(Mark.CLIENT_APP_READ_LAST, e1.marks().readLastNanos());
    }
    if (e2 != null) {
      axis.kernel(Mark.CLIENT_SIDECAR_READY, e2.marks().readyFirstNanos());
      axis.kernel(Mark.CLIENT_SIDECAR_READ, e2.marks().readFirstNanos());
      axis.kernel(Mark.CLIENT_SIDECAR_ANSWERED, e2.marks().sendFirstNanos());
    }
    if (e3 != null) {
      axis.kernel(Mark.CLIENT_SIDECAR_SENT, e3.marks().sendFirstNanos());
      axis.kernel(Mark.CLIENT_SIDECAR_ANSWER_READY, e3.marks().readyFirstNanos());
      axis.kernel(Mark.CLIENT_SIDECAR_ANSWER_READ, e3.marks().readFirstNanos());
    }
    SidecarSpan t = half.span();
    axis.als(Mark.CLIENT_SIDECAR_READ, half.startNanos());
    axis.als(Mark.CLIENT_SIDECAR_SENT, half.at(t.firstUpstreamTxNanos()));
    axis.als(Mark.CLIENT_SIDECAR_ANSWER_READ, half.at(t.firstUpstreamRxNanos()));
    axis.als(Mark.CLIENT_SIDECAR_ANSWERED, half.at(t.firstDownstreamTxNanos()));
    boolean isOpen = e1 == null || !Nanos.isSet(e1.marks().readyFirstNanos());
    if (isOpen && half.span().outcome().code() != SWITCHING_PROTOCOLS) {
      axis.als(Mark.CLIENT_APP_READ_LAST, half.at(t.durationNanos()));
    }
  }

  private static void serverMarks(Axis axis, HalfHop half) {
    Exchange e4 = half.downstream();
    Exchange e5 = half.upstream();
    Exchange e6 = half.servingApp();
    if (e4 != null) {
      axis.kernel(Mark.SERVER_SIDECAR_READY, e4.marks().readyFirstNanos());
      axis.kernel(Mark.SERVER_SIDECAR_READ, e4.marks().readFirstNanos());
    }
    if (half.isUnanswered()) {
      unansweredMarks(axis, half);
      return;
    }
    if (e4 != null) {
      axis.kernel(Mark.SERVER_SIDECAR_ANSWERED, e4.marks().sendFirstNanos());
    }
    if (e5 != null) {
      axis.kernel(Mark.SERVER_SIDECAR_SENT, e5.marks().sendFirstNanos());
      axis.kernel(Mark.SERVER_SIDECAR_ANSWER_READY, e5.marks().readyFirstNanos());
      axis.kernel(Mark.SERVER_SIDECAR_ANSWER_READ, e5.marks().readFirstNanos());
    }
    if (e6 != null) {
      appMarks(axis, e6.marks());
    }
    SidecarSpan t = half.span();
    axis.als(Mark.SERVER_SIDECAR_READ, half.startNanos());
    axis.als(Mark.SERVER_SIDECAR_SENT, half.at(t.firstUpstreamTxNanos()));
    axis.als(Mark.SERVER_SIDECAR_ANSWER_READ, half.at(t.firstUpstreamRxNanos()));
    axis.als(Mark.SERVER_SIDECAR_ANSWERED, half.at(t.firstDownstreamTxNanos()));
  }

  /**
   * Until it was given up: what the sockets sent later is no answer to it (a TLS close_notify, an
   * app that comes too late).
   */
  private static void unansweredMarks(Axis axis, HalfHop half) {
    Exchange e4 = half.downstream();
    Exchange e5 = half.upstream();
    Exchange e6 = half.servingApp();
    SidecarSpan t = half.span();
    if (e5 != null) {
      axis.kernel(Mark.SERVER_SIDECAR_SENT, e5.marks().sendFirstNanos());
    }
    if (e6 != null) {
      axis.kernel(Mark.SERVER_APP_READY, e6.marks().readyFirstNanos());
      axis.kernel(Mark.SERVER_APP_READ, e6.marks().readFirstNanos());
      axis.kernel(Mark.SERVER_APP_READ_LAST, e6.marks().readLastNanos());
    }
    if (e4 != null && half.span().outcome().code() > 0) { // the sidecar's own answer
      axis.kernel(Mark.SERVER_SIDECAR_ANSWERED, e4.marks().sendFirstNanos());
    }
    axis.als(Mark.SERVER_SIDECAR_READ, half.startNanos());
    axis.als(Mark.SERVER_SIDECAR_SENT, half.at(t.firstUpstreamTxNanos()));
    axis.als(Mark.SERVER_SIDECAR_ANSWERED, half.at(t.durationNanos()));
  }

  private static void appMarks(Axis axis, Exchange.Marks m) {
    axis.kernel(Mark.SERVER_APP_READY, m.readyFirstNanos());
    axis.kernel(Mark.SERVER_APP_READ, m.readFirstNanos());
    axis.kernel(Mark.SERVER_APP_ANSWERED, m.sendFirstNanos());
    boolean answeredEarly =
        Nanos.isSet(m.sendFirstNanos()) && m.readLastNanos() > m.sendFirstNanos();
    if (!answeredEarly) {
      axis.kernel(Mark.SERVER_APP_READ_LAST, m.readLastNanos());
    }
  }

  private void legs(int marks, boolean bothWays, boolean unanswered) {
    Mark from = Axis.first(marks);
    for (int rest = marks & marks - 1; rest != 0; rest &= rest - 1) {
      Mark to = Axis.first(rest);
      long kinds = split.kinds(between(from, to));
      if (bothWays
          && (kinds & TRANSPORT_BOTH_WAYS) != 0
          && from.isClientSide() != to.isClientSide()) {
        kinds = from.isClientSide() ? kinds | awayKinds(marks) : kinds;
      }
      if (unanswered && from.compareTo(Mark.SERVER_SIDECAR_SENT) >= 0 && (kinds & WITH_APP) != 0) {
        kinds &= from == Mark.SERVER_APP_READY ? LegKind.SERVER_APP_PICKUP.bit() : WITH_APP;
      }
      split.cut(kinds, axis.at(from), axis.at(to), draft);
      from = to;
    }
  }

  /**
   * With two clocks all time between the sidecars is one leg: both transports and what they hide.
   */
  private static long awayKinds(int marks) {
    int server = marks & SERVER_SIDE;
    if (server == 0) {
      return TRANSPORT_BOTH_WAYS;
    }
    Mark lastServer = Axis.last(server);
    int after = marks & -(2 << lastServer.ordinal());
    return after == 0
        ? TRANSPORT_BOTH_WAYS
        : between(lastServer, Axis.first(after)) | TRANSPORT_BOTH_WAYS;
  }

  private static long between(Mark from, Mark to) {
    return (1L << to.ordinal()) - (1L << from.ordinal());
  }

  private static int serverSide() {
    int bits = 0;
    for (Mark mark : MARKS) {
      bits |= mark.isClientSide() ? 0 : 1 << mark.ordinal();
    }
    return bits;
  }

  private static String[] totalNames() {
    String[] names = new String[MARKS.length * MARKS.length];
    for (Mark from : MARKS) {
      for (Mark to : MARKS) {
        names[from.ordinal() * MARKS.length + to.ordinal()] = from.meaning() + " → " + to.meaning();
      }
    }
    return names;
  }
}
