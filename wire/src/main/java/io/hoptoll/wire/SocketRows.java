package io.hoptoll.wire;

import io.hoptoll.model.Burst;
import io.hoptoll.model.Endpoint;
import io.hoptoll.model.HttpCall;
import io.hoptoll.model.HttpHead;
import io.hoptoll.model.HttpMessage;
import io.hoptoll.model.PacketDrop;
import io.hoptoll.model.PortRewrite;
import io.hoptoll.model.SocketProtocol;
import io.hoptoll.model.SocketTuple;
import io.hoptoll.model.TransportEvent;
import io.hoptoll.model.WireProtocol;

/** Columns of what else happens on sockets. */
final class SocketRows {
  static final int BURST = 3;
  static final int PROTOCOL = 4;
  static final int TRANSPORT = 5;
  static final int DROP = 6;
  static final int MESSAGE = 13;
  static final int REWRITE = 14;
  static final int CALL = 18;

  private static final SocketTuple NOT_KNOWN =
      new SocketTuple(new Endpoint(0, 0, 0), new Endpoint(0, 0, 0));

  private static final int IN = 1;
  private static final int OF_TLS = 2;

  private static final WireProtocol[] PROTOCOLS = WireProtocol.values();
  private static final TransportEvent.Kind[] KINDS = TransportEvent.Kind.values();

  private SocketRows() {}

  static void write(RowOut out, Burst b) {
    out.begin(BURST).number(b.netns()).number(b.socketId());
    TurnRows.write(out, b.tuple(), b.role(), b.flags(), b.owner());
    out.flag(b.incoming()).instant(b.readyNanos()).instant(b.firstNanos());
    out.instant(b.lastNanos()).number(b.seqFrom()).number(b.seqTo()).end();
  }

  static Burst burst(RowIn in) throws WireException {
    long netns = in.number();
    long socket = in.socket();
    var tuple = TurnRows.tuple(in);
    var role = TurnRows.role(in);
    int flags = in.integer();
    var owner = TurnRows.owner(in);
    return new Burst(
        in.node(),
        netns,
        socket,
        tuple,
        role,
        in.flag(),
        flags,
        owner,
        in.instant(),
        in.instant(),
        in.instant(),
        in.integer(),
        in.integer());
  }

  static void write(RowOut out, SocketProtocol p) {
    out.begin(PROTOCOL).number(p.netns()).number(p.socketId());
    TurnRows.write(out, p.tuple());
    out.number(p.protocol().ordinal()).text(p.serverName()).end();
  }

  static SocketProtocol protocol(RowIn in) throws WireException {
    return new SocketProtocol(
        in.node(), in.number(), in.socket(), TurnRows.tuple(in), in.oneOf(PROTOCOLS), in.text());
  }

  static void write(RowOut out, HttpMessage m) {
    out.begin(MESSAGE).number(m.netns()).number(m.socketId()).number(m.turn());
    out.instant(m.atNanos());
    int flags = (m.incoming() ? IN : 0) | (m.plaintextOfTls() ? OF_TLS : 0);
    TurnRows.write(out, m.tuple(), m.role(), flags, m.owner());
    write(out, m.head());
    out.number(m.stream()).flag(m.concludes()).end();
  }

  private static void write(RowOut out, HttpHead h) {
    out.text(h.method()).longText(h.path()).number(h.status()).text(h.host()).text(h.requestId());
    out.text(h.traceparent()).text(h.b3()).flag(h.cut());
  }

  private static HttpHead head(RowIn in) throws WireException {
    return new HttpHead(
        in.text(), in.text(), in.integer(), in.text(), in.text(), in.text(), in.text(), in.flag());
  }

  static void write(RowOut out, HttpCall c) {
    SocketTuple tuple = c.tuple();
    out.begin(CALL)
        .flag(c.plaintextOfTls())
        .number(c.netns())
        .number(c.socketId())
        .number(c.turn());
    out.flag(tuple != null);
    TurnRows.write(out, tuple == null ? NOT_KNOWN : tuple);
    out.flag(c.served()).number(c.owner().tgid()).number(c.owner().tid()).text(c.owner().comm());
    write(out, c.request());
    out.number(c.status()).instant(c.beginNanos()).instant(c.endNanos()).end();
  }

  static HttpCall call(RowIn in) throws WireException {
    boolean isPlaintextOfTls = in.flag();
    long netns = in.number();
    long socket = in.socket();
    int turn = in.integer();
    boolean isTied = in.flag();
    SocketTuple tuple = TurnRows.tuple(in);
    return new HttpCall(
        isPlaintextOfTls,
        in.node(),
        netns,
        isTied ? socket : 0,
        turn,
        isTied ? tuple : null,
        in.flag(),
        TurnRows.owner(in),
        head(in),
        in.integer(),
        in.instant(),
        in.instant());
  }

  static HttpMessage message(RowIn in) throws WireException {
    long netns = in.number();
    long socket = in.socket();
    int turn = in.integer();
    long at = in.instant();
    var tuple = TurnRows.tuple(in);
    var role = TurnRows.role(in);
    int flags = in.integer();
    var owner = TurnRows.owner(in);
    HttpHead head = head(in);
    return new HttpMessage(
        in.node(),
        netns,
        socket,
        turn,
        at,
        tuple,
        role,
        (flags & IN) != 0,
        (flags & OF_TLS) != 0,
        owner,
        head,
        in.integer(),
        in.flag());
  }

  static void write(RowOut out, PortRewrite r) {
    out.begin(REWRITE).number(r.netns()).number(r.socketId());
    TurnRows.write(out, r.accepted());
    TurnRows.write(out, r.original());
    out.end();
  }

  static PortRewrite rewrite(RowIn in) throws WireException {
    return new PortRewrite(
        in.node(), in.number(), in.socket(), TurnRows.tuple(in), TurnRows.tuple(in));
  }

  static void write(RowOut out, TransportEvent e) {
    out.begin(TRANSPORT).number(e.netns()).number(e.socketId()).number(e.turn());
    out.instant(e.atNanos());
    TurnRows.write(out, e.tuple());
    out.number(e.role().ordinal()).number(e.tgid()).number(e.kind().ordinal());
    out.number(e.amount()).number(e.queued()).number(e.limit()).text(e.reason());
    out.number(e.seq()).end();
  }

  static TransportEvent transport(RowIn in) throws WireException {
    return new TransportEvent(
        in.node(),
        in.number(),
        in.socket(),
        in.integer(),
        in.instant(),
        TurnRows.tuple(in),
        TurnRows.role(in),
        in.integer(),
        in.oneOf(KINDS),
        in.integer(),
        in.integer(),
        in.integer(),
        in.text(),
        in.integer());
  }

  static void write(RowOut out, PacketDrop d) {
    out.begin(DROP).number(d.netns()).number(d.socketId()).number(d.turn());
    out.endpoint(d.source()).endpoint(d.destination());
    out.instant(d.firstNanos()).instant(d.lastNanos()).number(d.packets()).number(d.bytes());
    out.number(d.tcpFlags()).text(d.reason()).text(d.location()).end();
  }

  static PacketDrop drop(RowIn in) throws WireException {
    return new PacketDrop(
        in.node(),
        in.number(),
        in.socket(),
        in.integer(),
        in.endpoint(),
        in.endpoint(),
        in.instant(),
        in.instant(),
        in.number(),
        in.number(),
        in.integer(),
        in.text(),
        in.text());
  }
}
