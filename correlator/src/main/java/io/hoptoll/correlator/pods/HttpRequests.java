package io.hoptoll.correlator.pods;

import io.hoptoll.model.Connection;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.Exchange.Marks;
import io.hoptoll.model.Exchange.Role;
import io.hoptoll.model.HttpCall;
import io.hoptoll.model.HttpMessage;
import io.hoptoll.model.Nanos;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Heads → requests with their answers: of HTTP/1 by turn, of HTTP/2 by stream. Each that is over is
 * told once; the others are {@link #open}.
 */
final class HttpRequests {
  private static final int FINAL = 200; // below: an interim response (RFC 9110 15.2)

  /** Status of an answer after which a connection speaks another protocol. */
  static final int SWITCHED = 101;

  /** What one socket has of them. */
  static final class OfSocket {
    private @Nullable HttpMessage asked;
    private int askedTurn;
    private final LatestTurn counted = new LatestTurn();
    private int lastAskedStream;
    private boolean isHttp2;
    private boolean isUpgraded;

    /** The request of this turn; one that was told to go on (1xx) ends with the next turn. */
    private @Nullable HttpMessage asked(Exchange e) {
      if (askedTurn != e.turn()) {
        return null;
      }
      boolean goesOn =
          e.httpStatus() >= 100 && e.httpStatus() < FINAL && e.httpStatus() != SWITCHED;
      askedTurn += goesOn && !e.has(Exchange.FLUSHED) ? 1 : 0;
      return asked;
    }
  }

  private final OpenRequests open;
  private final Streams streams = new Streams();
  private final Consumer<HttpCall> calls;

  /**
   * @param ends who holds the other end of a connection
   * @param calls hears each whose head was seen
   */
  HttpRequests(Ends ends, Consumer<HttpCall> calls) {
    this.open = new OpenRequests(ends);
    this.calls = calls;
  }

  OpenRequests open() {
    return open;
  }

  long streamsForgotten() {
    return streams.forgotten();
  }

  /**
   * A request counts once: with its answer's status, or as the connection ends without one.
   *
   * @return the one that is over with it, or null
   */
  @Nullable Answer exchange(OfSocket socket, Exchange e, long nowNanos) {
    if (e.httpStatus() == SWITCHED) {
      socket.isUpgraded = true;
      open.upgraded(e);
    } else if (!socket.isUpgraded) {
      open.exchange(e, nowNanos);
    }
    HttpMessage asked = socket.asked(e);
    boolean isOver = e.httpStatus() >= FINAL || e.httpStatus() == SWITCHED;
    boolean isGivenUp = asked != null && e.has(Exchange.CLOSED) && !hasAnswer(e);
    if (!(isOver || isGivenUp) || !socket.counted.isBefore(e)) {
      return null;
    }
    socket.counted.take(e);
    return tell(answer(asked, e));
  }

  /** Also one whose status nobody read, because the task that wanted heads was over by then. */
  private static boolean hasAnswer(Exchange e) {
    boolean isClient = e.role() == Role.CONNECT;
    return e.httpStatus() != 0
        || Nanos.isSet(isClient ? e.marks().readFirstNanos() : e.marks().sendFirstNanos());
  }

  /** From the request's first byte to the answer's first, at this end. */
  private static Answer answer(@Nullable HttpMessage asked, Exchange e) {
    Marks m = e.marks();
    boolean isClient = e.role() == Role.CONNECT;
    long from = isClient ? m.sendFirstNanos() : m.readFirstNanos();
    long to = isClient ? m.readFirstNanos() : m.sendFirstNanos();
    boolean isTimed = Nanos.isSet(from) && Nanos.isSet(to) && to >= from;
    return new Answer(
        asked,
        e.turn(),
        e.httpStatus(),
        isTimed ? to - from : Nanos.UNSET,
        isTimed ? to : e.emitNanos());
  }

  /** Comes before the exchange of its turn; of HTTP/2 turns are none. */
  @Nullable Answer message(OfSocket socket, HttpMessage m, long nowNanos) {
    if (m.stream() != 0) {
      return stream(socket, m, nowNanos);
    }
    if (m.head().isRequest()) {
      open.message(m, nowNanos);
      socket.asked = m;
      socket.askedTurn = m.turn();
    }
    return null;
  }

  private @Nullable Answer stream(OfSocket socket, HttpMessage m, long nowNanos) {
    socket.isHttp2 = true;
    if (m.stream() == HttpMessage.ALL_STREAMS) {
      streams.end(m.node(), m.socketId(), m.atNanos()); // how they end nobody will say
      open.unknown(m.node(), m.socketId());
      return null;
    }
    Answer answer = streams.take(m, socket.lastAskedStream);
    if (m.head().isRequest()) {
      socket.lastAskedStream = Math.max(socket.lastAskedStream, m.stream());
    }
    if (m.head().isRequest() && streams.isWaiting(m)) {
      open.message(m, nowNanos);
    } else {
      open.answered(m);
    }
    return answer == null ? null : tell(answer);
  }

  /** The connection's end; connections end by the thousand, few with streams. */
  List<Answer> end(OfSocket socket, Connection c) {
    if (!socket.isHttp2) {
      return List.of();
    }
    open.unknown(c.node(), c.socketId());
    List<Answer> unanswered = new ArrayList<>();
    streams
        .end(c.node(), c.socketId(), c.closeNanos())
        .forEach(answer -> unanswered.add(tell(answer)));
    return unanswered;
  }

  private Answer tell(Answer answer) {
    HttpCall call = answer.call();
    if (call != null) {
      calls.accept(call);
    }
    return answer;
  }
}
