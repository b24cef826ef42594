package io.hoptoll.correlator;

import io.hoptoll.model.Burst;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.Exchange.Role;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.SidecarSpan;
import org.jspecify.annotations.Nullable;

/**
 * One request's share of a multiplexed connection, as an {@link Exchange}: a turn holds many
 * requests there, so the sidecar's own instants (ALS) find the bursts that carried this one, and
 * the TCP sequence numbers find the same bytes at the other end on loopback.
 */
final class StreamEnds {
  private final long startNanos;
  private final SidecarSpan.Times times;
  private final long slackNanos;

  /**
   * @param startNanos the span's start on the node's clock
   * @param slackNanos how far ALS instants and the kernel's may disagree
   */
  StreamEnds(SidecarSpan span, long startNanos, long slackNanos) {
    this.startNanos = startNanos;
    this.times = span.times();
    this.slackNanos = slackNanos;
  }

  /** The bursts of one end that carried the request and its response; any may be unknown. */
  record Bursts(
      @Nullable Burst requestFirst,
      @Nullable Burst requestLast,
      @Nullable Burst responseFirst,
      @Nullable Burst responseLast) {
    @Nullable Burst any() {
      return requestFirst != null ? requestFirst : responseFirst;
    }

    boolean isWhole() {
      return requestFirst != null && responseFirst != null && responseLast != null;
    }
  }

  /** The sidecar's end towards the client: it read the request and wrote the response. */
  Bursts downstream(SocketBursts end) {
    return new Bursts(
        read(end, 0),
        read(end, times.lastRxNanos()),
        sent(end, times.firstDownstreamTxNanos()),
        sent(end, times.lastDownstreamTxNanos()));
  }

  /** The sidecar's end towards the server. */
  Bursts upstream(SocketBursts end) {
    return new Bursts(
        sent(end, times.firstUpstreamTxNanos()),
        sent(end, times.lastUpstreamTxNanos()),
        read(end, times.firstUpstreamRxNanos()),
        read(end, times.lastUpstreamRxNanos()));
  }

  /** The calling app's end of what the sidecar saw downstream: the same bytes. */
  static Bursts caller(Bursts sidecar, SocketBursts app) {
    return new Bursts(
        sidecar.requestFirst() == null ? null : app.sentOf(sidecar.requestFirst().seqTo() - 1),
        sidecar.requestLast() == null ? null : app.sentOf(sidecar.requestLast().seqTo() - 1),
        sidecar.responseFirst() == null ? null : app.readOf(sidecar.responseFirst().seqFrom()),
        sidecar.responseLast() == null ? null : app.readOf(sidecar.responseLast().seqTo() - 1));
  }

  /** The serving app's end of what the sidecar saw upstream. */
  static Bursts server(Bursts sidecar, SocketBursts app) {
    return new Bursts(
        sidecar.requestFirst() == null ? null : app.readOf(sidecar.requestFirst().seqFrom()),
        sidecar.requestLast() == null ? null : app.readOf(sidecar.requestLast().seqTo() - 1),
        sidecar.responseFirst() == null ? null : app.sentOf(sidecar.responseFirst().seqTo() - 1),
        sidecar.responseLast() == null ? null : app.sentOf(sidecar.responseLast().seqTo() - 1));
  }

  private @Nullable Burst read(SocketBursts end, long offsetNanos) {
    return Nanos.isSet(offsetNanos) ? end.readBy(startNanos + offsetNanos + slackNanos) : null;
  }

  private @Nullable Burst sent(SocketBursts end, long offsetNanos) {
    return Nanos.isSet(offsetNanos) ? end.sentFrom(startNanos + offsetNanos - slackNanos) : null;
  }

  /**
   * @param turn a turn of the same socket, for its opening and TCP's account; null where none is
   */
  static @Nullable Exchange exchange(Bursts b, @Nullable Exchange turn) {
    Burst any = b.any();
    if (any == null) {
      return null;
    }
    boolean connecting = any.role() == Role.CONNECT;
    Burst inFirst = connecting ? b.responseFirst() : b.requestFirst();
    Burst inLast = connecting ? b.responseLast() : b.requestLast();
    Burst outFirst = connecting ? b.requestFirst() : b.responseFirst();
    Burst outLast = connecting ? b.requestLast() : b.responseLast();
    return new Exchange(
        any.node(),
        any.netns(),
        any.socketId(),
        b.requestFirst() == null ? 0 : b.requestFirst().seqFrom(),
        b.isWhole() ? Long.MAX_VALUE : 0,
        any.tuple(),
        any.role(),
        any.flags() | Exchange.SHARED,
        turn == null ? any.owner() : turn.owner(),
        turn == null ? NO_OPENING : turn.opening(),
        new Exchange.Marks(
            inFirst == null ? Nanos.UNSET : inFirst.readyNanos(),
            inLast == null ? Nanos.UNSET : inLast.readyNanos(),
            inFirst == null ? Nanos.UNSET : inFirst.firstNanos(),
            inLast == null ? Nanos.UNSET : inLast.lastNanos(),
            outFirst == null ? Nanos.UNSET : outFirst.firstNanos(),
            outLast == null ? Nanos.UNSET : outLast.lastNanos()),
        new Exchange.Volume(bytes(inFirst), bytes(outFirst), 0, 0, 0, 0),
        turn == null ? NO_TCP : turn.tcp());
  }

  private static long bytes(@Nullable Burst b) {
    return b == null ? 0 : b.seqTo() - b.seqFrom();
  }

  /** Whether the request's bytes at both ends of a connection have one in common. */
  static boolean sameBytes(Exchange client, Exchange server) {
    int later = server.turn() - client.turn(); // sequence numbers wrap, differences do not
    return later >= 0 ? later < client.volume().bytesOut() : -later < server.volume().bytesIn();
  }

  private static final Exchange.Opening NO_OPENING =
      new Exchange.Opening(Nanos.UNSET, Nanos.UNSET, Nanos.UNSET, Nanos.UNSET, Nanos.UNSET, 0);

  private static final Exchange.Tcp NO_TCP =
      new Exchange.Tcp(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}
