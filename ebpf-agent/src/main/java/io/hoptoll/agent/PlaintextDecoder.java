package io.hoptoll.agent;

import io.hoptoll.model.Exchange;
import io.hoptoll.model.HttpCall;
import io.hoptoll.model.HttpHead;
import io.hoptoll.model.SocketTuple;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Heads read out of TLS → calls: a response belongs to the oldest request of its connection that
 * has none, as HTTP/1 orders them. One thread.
 */
final class PlaintextDecoder implements RingBuffer.Sink {
  /** Connections whose request waits, of about 1 kB each; the one idle longest goes. */
  static final int CONNECTIONS = 4_096;

  /** Requests that wait on one connection; of a pipelining client the oldest goes. */
  static final int WAITING = 16;

  private static final int NO_TURN = -1;
  private static final int FINAL = 200; // below: an interim response (RFC 9110 15.2)
  private static final int SWITCHED = 101;

  private record Connection(int tgid, long address) {}

  /** All that a record says. */
  private record Message(
      boolean in,
      long netns,
      long socketId,
      @Nullable SocketTuple tuple,
      Exchange.Owner owner,
      HttpHead head,
      long atNanos,
      long endNanos) {}

  private final String node;
  private final Consumer<HttpCall> out;
  private final ThreadNames names = new ThreadNames();
  private final Map<Connection, Deque<Message>> waiting = new LinkedHashMap<>(64, 0.75f, true);
  private long messages;
  private long calls;
  private long unmatched;
  private long answersMissed;

  PlaintextDecoder(String node, Consumer<HttpCall> out) {
    this.node = node;
    this.out = out;
  }

  long messages() {
    return messages;
  }

  long calls() {
    return calls;
  }

  /** Responses to requests that were not seen. */
  long unmatched() {
    return unmatched;
  }

  /** Requests of Go programs followed by another on their connection, their answer unseen. */
  long answersMissed() {
    return answersMissed;
  }

  @Override
  public void record(ByteBuffer b, int at, int length) {
    HttpHead head = MessageLayout.head(b, at);
    if (head == null) {
      return; // a body that begins as a head does
    }
    messages++;
    Message message = message(b, at, head);
    Connection connection =
        new Connection(b.getInt(at + RecordLayout.TGID), MessageLayout.connection(b, at));
    endEarlier(connection, message);
    if (head.isRequest()) {
      if (!message.in() && MessageLayout.byGo(b, at)) {
        dropUnanswered(connection);
      }
      request(connection, message);
    } else if (head.status() >= FINAL || head.status() == SWITCHED) {
      response(connection, message);
    }
  }

  /** A connection's address in memory may be another's by now: their sockets differ. */
  private void endEarlier(Connection connection, Message message) {
    Deque<Message> requests = waiting.get(connection);
    Message oldest = requests == null ? null : requests.peek();
    if (oldest != null
        && oldest.socketId() != 0
        && message.socketId() != 0
        && oldest.socketId() != message.socketId()) {
      giveUp(waiting.remove(connection), message.endNanos());
    }
  }

  /**
   * Go's net/http asks again only when it has the answer before. Where that was not seen (its read
   * was under way when the task began) it would be taken for the next one, and so on.
   */
  private void dropUnanswered(Connection connection) {
    Deque<Message> requests = waiting.remove(connection);
    answersMissed += requests == null ? 0 : requests.size();
  }

  private void request(Connection connection, Message request) {
    Deque<Message> requests = waiting.computeIfAbsent(connection, c -> new ArrayDeque<>());
    if (requests.size() >= WAITING) {
      emit(requests.remove(), null, request.endNanos());
    }
    requests.add(request);
    if (waiting.size() > CONNECTIONS) {
      Connection idle = waiting.keySet().iterator().next();
      giveUp(waiting.remove(idle), request.endNanos());
    }
  }

  private void response(Connection connection, Message response) {
    Deque<Message> requests = waiting.get(connection);
    Message request = requests == null ? null : requests.poll();
    if (request == null || request.in() == response.in()) {
      unmatched++;
      return;
    }
    if (requests != null && requests.isEmpty()) {
      waiting.remove(connection);
    }
    emit(request, response, response.endNanos());
  }

  /** Nothing more comes: tells of requests without answer. */
  void end(long nowNanos) {
    waiting.values().forEach(requests -> giveUp(requests, nowNanos));
    waiting.clear();
  }

  private void giveUp(@Nullable Deque<Message> requests, long nowNanos) {
    for (Message m = requests == null ? null : requests.poll();
        m != null;
        m = requests == null ? null : requests.poll()) {
      emit(m, null, nowNanos);
    }
  }

  /** A client may learn its socket only with the answer. */
  private void emit(Message request, @Nullable Message response, long endNanos) {
    Message tied = request.tuple() == null && response != null ? response : request;
    calls++;
    out.accept(
        new HttpCall(
            true,
            node,
            request.netns(),
            tied.socketId(),
            NO_TURN,
            tied.tuple(),
            request.in(),
            request.owner(),
            request.head(),
            response == null ? 0 : response.head().status(),
            request.atNanos(),
            endNanos));
  }

  private Message message(ByteBuffer b, int at, HttpHead head) {
    long socketId = b.getLong(at + RecordLayout.SOCKET_ID);
    return new Message(
        MessageLayout.incoming(b, at),
        Integer.toUnsignedLong(b.getInt(at + RecordLayout.NETNS)),
        socketId,
        socketId == 0 ? null : RecordDecoder.tuple(b, at),
        new Exchange.Owner(
            b.getInt(at + RecordLayout.TGID),
            b.getInt(at + RecordLayout.TID),
            names.at(b, at + RecordLayout.COMM)),
        head,
        MessageLayout.atNanos(b, at),
        b.getLong(at + RecordLayout.EMITTED));
  }
}
