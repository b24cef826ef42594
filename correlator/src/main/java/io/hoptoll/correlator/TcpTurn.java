package io.hoptoll.correlator;

import io.hoptoll.model.Exchange;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.SidecarSpan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sockets of one pod that carried one request and answer of a proxied TCP connection. The proxy
 * passes bytes on one to one, so what it sent upstream between reading a turn and answering it is
 * that turn's: containment in time on one clock. Both ends of a connection must have counted the
 * same bytes. Where a proxy merged or split what was said, this contradicts, and nothing is joined.
 */
final class TcpTurn {
  private final SocketTurns.Turn downstream;
  private SocketTurns.@Nullable Turn callingApp;
  private SocketTurns.@Nullable Turn upstream;
  private SocketTurns.@Nullable Turn servingApp;
  private boolean isAmbiguous;

  /** Of the turn that the proxy read and answered; sockets are null where no agent saw them. */
  TcpTurn(
      SocketTurns.Turn downstream,
      @Nullable SocketTurns calling,
      @Nullable SocketTurns proxied,
      @Nullable SocketTurns serving) {
    this.downstream = downstream;
    if (calling != null) {
      callingApp = caller(calling);
    }
    if (proxied != null) {
      upstream = passedOn(proxied);
    }
    if (serving != null && upstream != null) {
      servingApp = served(serving, upstream.exchange);
    }
  }

  /** Read, and answered. */
  static boolean isAnswered(Exchange accepted) {
    return Nanos.isSet(accepted.marks().readFirstNanos())
        && Nanos.isSet(accepted.marks().sendFirstNanos());
  }

  private SocketTurns.@Nullable Turn caller(SocketTurns sockets) {
    SocketTurns.Turn found = sockets.latestBegunBy(downstream.firstNanos(), e -> true);
    return found != null && isFree(found) && isSameWords(found.exchange, downstream.exchange)
        ? found
        : contradiction();
  }

  private SocketTurns.@Nullable Turn passedOn(SocketTurns sockets) {
    Exchange.Marks own = downstream.exchange.marks();
    long answered = Math.max(own.sendFirstNanos(), own.sendLastNanos());
    List<SocketTurns.Turn> all = sockets.begunWithin(own.readFirstNanos(), answered);
    if (all.size() != 1 || !isFree(all.get(0))) {
      return contradiction();
    }
    SocketTurns.Turn only = all.get(0);
    long heard = only.exchange.marks().readFirstNanos();
    boolean isAnswer = Nanos.isSet(heard) && heard <= own.sendFirstNanos();
    return isAnswer && isSameBytes(only.exchange) ? only : contradiction();
  }

  /** In this pod; an address that only was here before, on another connection, is not its app. */
  private SocketTurns.@Nullable Turn served(SocketTurns sockets, Exchange sent) {
    if (!sockets.has(e -> e.tuple().local().equals(sent.tuple().remote()))) {
      return null;
    }
    Exchange.Marks m = sent.marks();
    List<SocketTurns.Turn> all = sockets.begunWithin(m.sendFirstNanos(), m.readFirstNanos());
    return all.size() == 1 && isFree(all.get(0)) && isSameWords(sent, all.get(0).exchange)
        ? all.get(0)
        : contradiction();
  }

  private SocketTurns.@Nullable Turn contradiction() {
    isAmbiguous = true;
    return null;
  }

  private static boolean isFree(SocketTurns.Turn turn) {
    return turn.takenBy == null;
  }

  /** Both ends of one connection; those of TLS may count its handshake's last records apart. */
  private static boolean isSameWords(Exchange connecting, Exchange accepted) {
    return connecting.has(Exchange.TLS)
        || accepted.has(Exchange.TLS)
        || (connecting.volume().bytesOut() == accepted.volume().bytesIn()
            && connecting.volume().bytesIn() == accepted.volume().bytesOut());
  }

  /** What came in went out, where neither is ciphertext. */
  private boolean isSameBytes(Exchange sent) {
    Exchange own = downstream.exchange;
    return own.has(Exchange.TLS)
        || sent.has(Exchange.TLS)
        || (own.volume().bytesIn() == sent.volume().bytesOut()
            && own.volume().bytesOut() == sent.volume().bytesIn());
  }

  /** Some socket that was seen has no turn that fits; more reports may still come. */
  boolean isAmbiguous() {
    return isAmbiguous;
  }

  /** Its three ends in this pod. */
  boolean isComplete() {
    return !isAmbiguous && upstream != null && (callingApp != null || servingApp != null);
  }

  Exchange downstream() {
    return downstream.exchange;
  }

  @Nullable Exchange callingApp() {
    return callingApp == null ? null : callingApp.exchange;
  }

  @Nullable Exchange upstream() {
    return upstream == null ? null : upstream.exchange;
  }

  @Nullable Exchange servingApp() {
    return servingApp == null ? null : servingApp.exchange;
  }

  /** Makes its turns this entry's alone. */
  void claim(SidecarSpan entry) {
    downstream.takenBy = entry;
    claim(callingApp, entry);
    claim(upstream, entry);
    claim(servingApp, entry);
  }

  private static void claim(SocketTurns.@Nullable Turn turn, SidecarSpan entry) {
    if (turn != null) {
      turn.takenBy = entry;
    }
  }
}
