package io.hoptoll.wire;

import io.hoptoll.model.Connection;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.SocketTuple;

/** Columns of exchanges and connections, and of the parts that other records share with them. */
final class TurnRows {
  static final int EXCHANGE = 1;
  static final int CONNECTION = 2;

  private static final Exchange.Role[] ROLES = Exchange.Role.values();
  private static final Connection.End[] ENDS = Connection.End.values();

  private TurnRows() {}

  static void write(RowOut out, Exchange e) {
    out.begin(EXCHANGE);
    writePart(out, e);
    out.end();
  }

  /** What {@link #exchange} reads: a whole row, or a part of one. */
  static void writePart(RowOut out, Exchange e) {
    out.number(e.netns()).number(e.socketId()).number(e.turn());
    out.instant(e.emitNanos());
    write(out, e.tuple(), e.role(), e.flags(), e.owner());
    write(out, e.opening());
    Exchange.Marks m = e.marks();
    out.instant(m.readyFirstNanos()).instant(m.readyLastNanos()).instant(m.readFirstNanos());
    out.instant(m.readLastNanos()).instant(m.sendFirstNanos()).instant(m.sendLastNanos());
    Exchange.Volume v = e.volume();
    out.number(v.bytesIn()).number(v.bytesOut()).number(v.reads()).number(v.sends());
    out.number(v.wouldBlocks()).number(v.readyEvents());
    Exchange.Tcp t = e.tcp();
    out.number(t.minRttMicros()).number(t.srttMicros()).number(t.lastRttMicros());
    out.number(t.retransmits()).number(t.lost()).number(t.outOfOrder()).number(t.dsacks());
    out.number(t.busyMillis()).number(t.receiveWindowLimitedMillis());
    out.number(t.sendBufferLimitedMillis()).number(t.congestionWindow());
    out.number(t.receiveQueueMax()).number(t.segmentsIn()).number(t.segmentsOut());
    out.number(e.httpStatus());
    Exchange.Windows w = t.windows(); // the latest columns: older agents have none
    out.number(w.sendBytes()).number(w.receiveBytes()).number(w.deliveryBytesPerSecond());
  }

  static Exchange exchange(RowIn in) throws WireException {
    return new Exchange(
        in.node(),
        in.number(),
        in.socket(),
        in.integer(),
        in.instant(),
        tuple(in),
        role(in),
        in.integer(),
        owner(in),
        opening(in),
        new Exchange.Marks(
            in.instant(), in.instant(), in.instant(), in.instant(), in.instant(), in.instant()),
        new Exchange.Volume(
            in.number(), in.number(), in.integer(), in.integer(), in.integer(), in.integer()),
        tcp(in),
        in.integer());
  }

  private static Exchange.Tcp tcp(RowIn in) {
    return new Exchange.Tcp(
        in.integer(),
        in.integer(),
        in.integer(),
        in.integer(),
        in.integer(),
        in.integer(),
        in.integer(),
        in.integer(),
        in.integer(),
        in.integer(),
        in.integer(),
        in.integer(),
        in.integer(),
        in.integer(),
        windows(in));
  }

  /** They stand behind httpStatus, the column that comes next: older agents end there. */
  private static Exchange.Windows windows(RowIn in) {
    long send = in.ahead(1);
    long receive = in.ahead(2);
    long rate = in.ahead(3);
    return (send | receive | rate) == 0
        ? Exchange.Windows.UNKNOWN
        : new Exchange.Windows((int) send, (int) receive, rate);
  }

  static void write(RowOut out, Connection c) {
    out.begin(CONNECTION).number(c.netns()).number(c.socketId());
    write(out, c.tuple(), c.role(), c.flags(), c.owner());
    write(out, c.opening());
    out.instant(c.closeNanos()).number(c.turns()).number(c.error());
    Connection.Life l = c.life();
    out.number(l.inode()).instant(l.firstByteNanos()).instant(l.finSentNanos());
    out.instant(l.finAckedNanos()).instant(l.finReceivedNanos()).number(l.end().ordinal());
    out.number(l.bytesReceived()).number(l.bytesAcked()).number(l.unreadBytes());
    out.number(l.retransmits());
    Connection.Rtt r = l.rtt();
    out.number(r.minMicros()).number(r.lastMicros()).number(r.smoothedMicros());
    out.end();
  }

  static Connection connection(RowIn in) throws WireException {
    return new Connection(
        in.node(),
        in.number(),
        in.socket(),
        tuple(in),
        role(in),
        in.integer(),
        owner(in),
        opening(in),
        in.instant(),
        in.integer(),
        in.integer(),
        new Connection.Life(
            in.number(),
            in.instant(),
            in.instant(),
            in.instant(),
            in.instant(),
            in.oneOf(ENDS),
            in.number(),
            in.number(),
            in.integer(),
            in.integer(),
            new Connection.Rtt(in.integer(), in.integer(), in.integer())));
  }

  static void write(
      RowOut out, SocketTuple tuple, Exchange.Role role, int flags, Exchange.Owner owner) {
    write(out, tuple);
    out.number(role.ordinal()).number(flags);
    out.number(owner.tgid()).number(owner.tid()).text(owner.comm());
  }

  static void write(RowOut out, SocketTuple tuple) {
    out.endpoint(tuple.local()).endpoint(tuple.remote());
  }

  static SocketTuple tuple(RowIn in) throws WireException {
    return new SocketTuple(in.endpoint(), in.endpoint());
  }

  static Exchange.Role role(RowIn in) throws WireException {
    return in.oneOf(ROLES);
  }

  static Exchange.Owner owner(RowIn in) throws WireException {
    return new Exchange.Owner(in.integer(), in.integer(), in.text());
  }

  private static void write(RowOut out, Exchange.Opening o) {
    out.instant(o.synNanos()).instant(o.establishedNanos()).instant(o.firstUseNanos());
    out.instant(o.handshakeStartNanos()).instant(o.handshakeEndNanos());
    out.number(o.synRetransmits());
  }

  private static Exchange.Opening opening(RowIn in) {
    return new Exchange.Opening(
        in.instant(), in.instant(), in.instant(), in.instant(), in.instant(), in.integer());
  }
}
