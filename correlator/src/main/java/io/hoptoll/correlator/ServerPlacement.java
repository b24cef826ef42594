package io.hoptoll.correlator;

import io.hoptoll.correlator.JoinCounters.Count;
import io.hoptoll.model.ClockOffset;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Ledger.Source;
import io.hoptoll.model.Mark;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.SidecarSpan.Protocol;
import org.jspecify.annotations.Nullable;

/**
 * Puts the marks of a server on another node on the client's clock. By durations alone both
 * transports together are {@code (answer ready − sent) − (server's last − first mark)}. Which part
 * of it was the request's way only the two clocks' difference tells: it is used where its bound is
 * so small that the answer is worth something; else both are one leg, before the server's marks.
 */
final class ServerPlacement {
  /** Of the time that is to be told apart, what it may be wrong by. */
  private static final int BOUND_OF_TRANSPORT = 4;

  private final NodeOffsets offsets;
  private final JoinCounters counters;

  ServerPlacement(JoinCounters counters) {
    this.offsets = new NodeOffsets(counters);
    this.counters = counters;
  }

  /** The marks that transport lies between. */
  private record Ends(long sent, long first, long last, long back, boolean ofKernel) {
    /** Both ways together. */
    long away() {
      return (back - sent) - (last - first);
    }
  }

  /**
   * @return how the clocks differ; null where the server's marks contradict the client's, or are
   *     too few, and are left out
   */
  @Nullable ClockOffset place(Axis axis, HalfHop client, HalfHop server) {
    int marks = axis.server();
    if (server.isUnanswered() && axis.has(Mark.CLIENT_SIDECAR_SENT) && marks != 0) {
      return unanswered(axis, client, server, axis.at(Axis.first(marks)));
    }
    Ends ends = ends(axis, marks);
    if (ends == null || ends.away() < 0) {
      counters.add(Count.CLOCKS_CONTRADICT);
      axis.removeAll(marks);
      return null;
    }
    if (ends.ofKernel() && isSameTurn(client, server)) {
      offsets.add(
          client.node(),
          server.node(),
          ends.sent(),
          ends.first(),
          ends.last() - ends.back(),
          ends.first() - ends.sent());
    }
    ClockOffset offset = offsets.at(client.node(), server.node(), ends.sent(), ends.first());
    boolean tells = offset.isKnown() && offset.boundNanos() <= ends.away() / BOUND_OF_TRANSPORT;
    if (!tells) {
      counters.add(Count.TRANSPORT_ONE_LEG);
      axis.shift(false, ends.sent() + ends.away() - ends.first());
      return offset;
    }
    long there = ends.first() - offset.nanos() - ends.sent();
    long request = Math.max(0, Math.min(ends.away(), there));
    axis.shift(false, ends.sent() + request - ends.first());
    return new ClockOffset(offset.nanos(), offset.boundNanos(), true);
  }

  /** Only its way there can be told; where the clocks do not tell that, it is taken for none. */
  private ClockOffset unanswered(Axis axis, HalfHop client, HalfHop server, long first) {
    long sent = axis.at(Mark.CLIENT_SIDECAR_SENT);
    ClockOffset offset = offsets.at(client.node(), server.node(), sent, first);
    boolean tells =
        offset.isKnown() && offset.boundNanos() <= (client.endNanos() - sent) / BOUND_OF_TRANSPORT;
    long request = tells ? Math.max(0, first - offset.nanos() - sent) : 0;
    axis.shift(false, sent + request - first);
    counters.add(Count.TRANSPORT_ONE_LEG, tells ? 0 : 1);
    return tells ? new ClockOffset(offset.nanos(), offset.boundNanos(), true) : offset;
  }

  private static @Nullable Ends ends(Axis axis, int server) {
    Mark back =
        axis.has(Mark.CLIENT_SIDECAR_ANSWER_READY)
            ? Mark.CLIENT_SIDECAR_ANSWER_READY
            : Mark.CLIENT_SIDECAR_ANSWER_READ;
    if (!axis.has(Mark.CLIENT_SIDECAR_SENT) || !axis.has(back) || Integer.bitCount(server) < 2) {
      return null;
    }
    Mark first = Axis.first(server);
    Mark last = Axis.last(server);
    boolean ofKernel =
        axis.source(Mark.CLIENT_SIDECAR_SENT) == Source.KERNEL
            && axis.source(first) == Source.KERNEL
            && axis.source(last) == Source.KERNEL
            && axis.source(back) == Source.KERNEL;
    return new Ends(
        axis.at(Mark.CLIENT_SIDECAR_SENT), axis.at(first), axis.at(last), axis.at(back), ofKernel);
  }

  /**
   * Whether both ends surely carried this request and nothing else: where they may be of two, what
   * they say of the clocks is wrong. Of streams that share a connection only the requests' bytes
   * are known to be the same.
   */
  private static boolean isSameTurn(HalfHop client, HalfHop server) {
    Exchange up = client.upstream();
    Exchange down = server.downstream();
    return up != null
        && down != null
        && client.span().protocol() != Protocol.TCP
        && isCounted(up)
        && isCounted(down)
        && up.turn() == down.turn()
        && Nanos.isSet(down.marks().readyFirstNanos())
        && Nanos.isSet(down.marks().sendFirstNanos());
  }

  private static boolean isCounted(Exchange e) {
    return !e.has(Exchange.SHARED) && !e.has(Exchange.MULTIPLEXED) && !e.has(Exchange.MIDWAY);
  }
}
