package io.hoptoll.agent;

import io.hoptoll.agent.l7.HttpHeads;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.HttpHead;
import io.hoptoll.model.SocketTuple;
import io.hoptoll.model.TlsCall;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
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
      long beganNanos,
      long endNanos) {}

  private final String node;
  private final Consumer<TlsCall> out;
  private final byte[] comm = new byte[16];
  private final Map<Connection, Deque<Message>> waiting = new LinkedHashMap<>(64, 0.75f, true);
  private long messages;
  private long calls;
  private long unmatched;

  PlaintextDecoder(String node, Consumer<TlsCall> out) {
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

  @Override
  public void record(ByteBuffer b, int at, int length) {
    byte[] bytes = new byte[b.getInt(at + PlaintextLayout.LENGTH)];
    b.get(at + PlaintextLayout.BYTES, bytes);
    HttpHead head = HttpHeads.parse(bytes);
    if (head == null) {
      return; // a body that begins as a head does
    }
    messages++;
    Message message = message(b, at, head);
    Connection connection =
        new Connection(
            b.getInt(at + PlaintextLayout.TGID), b.getLong(at + PlaintextLayout.CONNECTION));
    if (head.isRequest()) {
      request(connection, message);
    } else if (head.status() >= FINAL || head.status() == SWITCHED) {
      response(connection, message);
    }
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
        new TlsCall(
            node,
            request.netns(),
            tied.socketId(),
            tied.tuple(),
            request.in(),
            request.owner(),
            request.head(),
            response == null ? 0 : response.head().status(),
            request.in() ? request.endNanos() : request.beganNanos(),
            endNanos));
  }

  private Message message(ByteBuffer b, int at, HttpHead head) {
    long socketId = b.getLong(at + RecordLayout.SOCKET_ID);
    return new Message(
        b.getInt(at + PlaintextLayout.IN) != 0,
        Integer.toUnsignedLong(b.getInt(at + RecordLayout.NETNS)),
        socketId,
        socketId == 0 ? null : RecordDecoder.tuple(b, at),
        new Exchange.Owner(
            b.getInt(at + PlaintextLayout.TGID), b.getInt(at + PlaintextLayout.TID), name(b, at)),
        head,
        b.getLong(at + PlaintextLayout.BEGAN),
        b.getLong(at + RecordLayout.EMITTED));
  }

  private String name(ByteBuffer b, int at) {
    b.get(at + PlaintextLayout.COMM, comm);
    int end = 0;
    while (end < comm.length && comm[end] != 0) {
      end++;
    }
    return new String(comm, 0, end, StandardCharsets.UTF_8);
  }
}
