package io.hoptoll.wire;

import io.hoptoll.model.HalfHopSink;
import io.hoptoll.model.PodSink;
import io.hoptoll.model.SocketSink;
import io.hoptoll.wire.v1.Rows;

/** Rows → calls of the sinks, in the same order. */
final class Reader {
  private Reader() {}

  /** How many records there were, and of how many this version knows no kind. */
  record Read(int records, int unknown) {}

  /**
   * @throws WireException when the rows contradict themselves; what stood before was handed on
   */
  static <S extends SocketSink & PodSink & HalfHopSink> Read read(
      String node, SocketIds ids, Rows rows, S out) throws WireException {
    RowIn in = new RowIn(node, ids, rows);
    int records = 0;
    int unknown = 0;
    while (in.next()) {
      records++;
      if (!one(in, out, out) && !entry(in, out)) {
        unknown++;
      }
    }
    return new Read(records, unknown);
  }

  private static boolean entry(RowIn in, HalfHopSink entries) throws WireException {
    switch (in.kind()) {
      case SpanRows.SPAN -> entries.span(SpanRows.part(in));
      case SpanRows.ANNOUNCED -> entries.announced(SpanRows.part(in));
      case HalfRows.HALF -> entries.half(HalfRows.half(in));
      default -> {
        return false;
      }
    }
    return true;
  }

  private static boolean one(RowIn in, SocketSink sockets, PodSink pods) throws WireException {
    switch (in.kind()) {
      case TurnRows.EXCHANGE -> sockets.exchange(TurnRows.exchange(in));
      case TurnRows.CONNECTION -> sockets.connection(TurnRows.connection(in));
      case SocketRows.BURST -> sockets.burst(SocketRows.burst(in));
      case SocketRows.PROTOCOL -> sockets.protocol(SocketRows.protocol(in));
      case SocketRows.TRANSPORT -> sockets.transport(SocketRows.transport(in));
      case SocketRows.DROP -> sockets.drop(SocketRows.drop(in));
      case SocketRows.MESSAGE -> sockets.message(SocketRows.message(in));
      case SocketRows.CALL -> sockets.tlsCall(SocketRows.call(in));
      case SocketRows.REWRITE -> sockets.rewrite(SocketRows.rewrite(in));
      case NodeRows.SAMPLE -> sockets.process(NodeRows.sample(in));
      case NodeRows.RUNNING -> sockets.running(NodeRows.running(in));
      case NodeRows.NAMESPACE -> sockets.namespace(NodeRows.namespace(in));
      case NodeRows.CLOCK -> sockets.clock(NodeRows.clock(in));
      case NodeRows.LOST -> sockets.lost(in.node(), in.number());
      case NodeRows.POD -> pods.pod(NodeRows.pod(in));
      default -> {
        return false;
      }
    }
    return true;
  }
}
