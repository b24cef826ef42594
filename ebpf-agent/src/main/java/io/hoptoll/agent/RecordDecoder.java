package io.hoptoll.agent;

import io.hoptoll.agent.l7.Heads;
import io.hoptoll.agent.l7.Http2Heads;
import io.hoptoll.agent.l7.Http2Heads.StreamHead;
import io.hoptoll.agent.l7.Recognisers;
import io.hoptoll.model.Burst;
import io.hoptoll.model.Connection;
import io.hoptoll.model.Endpoint;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.Exchange.Role;
import io.hoptoll.model.HttpHead;
import io.hoptoll.model.HttpMessage;
import io.hoptoll.model.Latest;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.SocketProtocol;
import io.hoptoll.model.SocketSink;
import io.hoptoll.model.SocketTuple;
import io.hoptoll.model.WireProtocol;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Ring records → model. Reads in place; one thread. */
final class RecordDecoder implements RingBuffer.Sink {
  private static final int AF_INET = 2;
  private static final Role[] ROLES = Role.values();

  private final String node;
  private final double millisPerTick;
  private final SocketSink out;
  private final ThreadNames names = new ThreadNames();
  private final Http2Heads http2 = new Http2Heads();

  /** Sockets with HTTP/2 heads, by id: what says that no more are told. */
  private final Map<Long, HttpMessage> followed = Latest.used(Http2Heads.CONNECTIONS);

  private long exchanges;
  private long connections;
  private long bursts;
  private long heads;
  private long messages;

  RecordDecoder(String node, long tickNanos, SocketSink out) {
    this.node = node;
    this.millisPerTick = tickNanos / 1e6;
    this.out = out;
  }

  long exchanges() {
    return exchanges;
  }

  long connections() {
    return connections;
  }

  long bursts() {
    return bursts;
  }

  long heads() {
    return heads;
  }

  long messages() {
    return messages;
  }

  /** Ends of HTTP/2 connections whose heads are not read any further, by cause. */
  Map<String, Long> http2GivenUp() {
    return http2.counters();
  }

  @Override
  public void record(ByteBuffer b, int at, int length) {
    switch (b.getShort(at + RecordLayout.KIND)) {
      case RecordLayout.KIND_EXCHANGE -> {
        exchanges++;
        out.exchange(exchange(b, at));
      }
      case RecordLayout.KIND_CONNECTION -> {
        connections++;
        Connection connection = connection(b, at);
        if (Nanos.isSet(connection.closeNanos())) {
          http2.closed(connection.socketId());
          followed.remove(connection.socketId());
        }
        out.connection(connection);
      }
      case RecordLayout.KIND_BURST -> {
        bursts++;
        out.burst(burst(b, at));
      }
      case RecordLayout.KIND_HEAD -> {
        heads++;
        head(b, at);
      }
      case RecordLayout.KIND_MESSAGE -> {
        messages++;
        message(b, at);
      }
      case RecordLayout.KIND_FRAMES -> frames(b, at);
      default -> throw new IllegalStateException("unknown record kind " + b.getShort(at));
    }
  }

  private Exchange exchange(ByteBuffer b, int at) {
    return new Exchange(
        node,
        netns(b, at),
        b.getLong(at + RecordLayout.SOCKET_ID),
        b.getInt(at + RecordLayout.TURN),
        b.getLong(at + RecordLayout.EMITTED),
        tuple(b, at),
        role(b, at),
        b.getInt(at + RecordLayout.FLAGS),
        owner(b, at),
        opening(b, at),
        new Exchange.Marks(
            nanos(b, at + RecordLayout.READY_FIRST),
            nanos(b, at + RecordLayout.READY_LAST),
            nanos(b, at + RecordLayout.READ_FIRST),
            nanos(b, at + RecordLayout.READ_LAST),
            nanos(b, at + RecordLayout.SEND_FIRST),
            nanos(b, at + RecordLayout.SEND_LAST)),
        new Exchange.Volume(
            b.getLong(at + RecordLayout.BYTES_IN),
            b.getLong(at + RecordLayout.BYTES_OUT),
            b.getInt(at + RecordLayout.READS),
            b.getInt(at + RecordLayout.SENDS),
            b.getInt(at + RecordLayout.WOULD_BLOCKS),
            b.getInt(at + RecordLayout.READY_EVENTS)),
        tcp(b, at),
        b.getInt(at + RecordLayout.HTTP_STATUS));
  }

  private Exchange.Tcp tcp(ByteBuffer b, int at) {
    return new Exchange.Tcp(
        b.getInt(at + RecordLayout.MIN_RTT_US),
        b.getInt(at + RecordLayout.SRTT_US),
        b.getInt(at + RecordLayout.LAST_RTT_US),
        b.getInt(at + RecordLayout.RETRANSMITS),
        b.getInt(at + RecordLayout.LOST),
        b.getInt(at + RecordLayout.OUT_OF_ORDER),
        b.getInt(at + RecordLayout.DSACKS),
        millis(b.getInt(at + RecordLayout.BUSY_JIFFIES)),
        millis(b.getInt(at + RecordLayout.RWND_LIMITED_JIFFIES)),
        millis(b.getInt(at + RecordLayout.SNDBUF_LIMITED_JIFFIES)),
        b.getInt(at + RecordLayout.CONGESTION_WINDOW),
        b.getInt(at + RecordLayout.RECEIVE_QUEUE_MAX),
        b.getInt(at + RecordLayout.SEGMENTS_IN),
        b.getInt(at + RecordLayout.SEGMENTS_OUT),
        new Exchange.Windows(
            b.getInt(at + RecordLayout.SEND_WINDOW),
            b.getInt(at + RecordLayout.RECEIVE_WINDOW),
            b.getLong(at + RecordLayout.DELIVERY_RATE)));
  }

  private Connection connection(ByteBuffer b, int at) {
    return new Connection(
        node,
        netns(b, at),
        b.getLong(at + RecordLayout.SOCKET_ID),
        tuple(b, at),
        role(b, at),
        b.getInt(at + RecordLayout.CONNECTION_FLAGS),
        owner(b, at),
        opening(b, at),
        nanos(b, at + RecordLayout.CLOSED),
        b.getInt(at + RecordLayout.TURN),
        b.getInt(at + RecordLayout.ERROR),
        life(b, at));
  }

  private static Connection.Life life(ByteBuffer b, int at) {
    return new Connection.Life(
        b.getLong(at + RecordLayout.INODE),
        nanos(b, at + RecordLayout.FIRST_BYTE),
        nanos(b, at + RecordLayout.FIN_SENT),
        nanos(b, at + RecordLayout.FIN_ACKED),
        nanos(b, at + RecordLayout.FIN_RECEIVED),
        end(b, at),
        b.getLong(at + RecordLayout.BYTES_RECEIVED),
        b.getLong(at + RecordLayout.BYTES_ACKED),
        b.getInt(at + RecordLayout.UNREAD),
        b.getInt(at + RecordLayout.LIFE_RETRANSMITS),
        new Connection.Rtt(
            b.getInt(at + RecordLayout.LIFE_MIN_RTT_US),
            b.getInt(at + RecordLayout.LIFE_LAST_RTT_US),
            b.getInt(at + RecordLayout.LIFE_SRTT_US)));
  }

  private static Connection.End end(ByteBuffer b, int at) {
    return ConnectionEnd.of(
        b.getInt(at + RecordLayout.CONNECTION_FLAGS),
        b.getInt(at + RecordLayout.LAST_STATE),
        b.getInt(at + RecordLayout.ERROR),
        b.getInt(at + RecordLayout.UNREAD),
        b.getLong(at + RecordLayout.FIN_SENT),
        b.getLong(at + RecordLayout.FIN_RECEIVED));
  }

  /** The bytes end here: they may hold a password, and no message of ours may quote them. */
  private void head(ByteBuffer b, int at) {
    Heads heads = HeadLayout.read(b, at, role(b, at) == Role.CONNECT);
    WireProtocol protocol = Recognisers.recognise(heads);
    if (protocol != WireProtocol.UNKNOWN) {
      String serverName = Recognisers.serverName(heads);
      long socketId = b.getLong(at + RecordLayout.SOCKET_ID);
      out.protocol(
          new SocketProtocol(node, netns(b, at), socketId, tuple(b, at), protocol, serverName));
    }
  }

  private void message(ByteBuffer b, int at) {
    HttpHead head = MessageLayout.head(b, at);
    if (head != null) {
      out.message(
          new HttpMessage(
              node,
              netns(b, at),
              b.getLong(at + RecordLayout.SOCKET_ID),
              b.getInt(at + RecordLayout.TURN),
              MessageLayout.atNanos(b, at),
              tuple(b, at),
              role(b, at),
              MessageLayout.incoming(b, at),
              MessageLayout.plaintextOfTls(b, at),
              owner(b, at),
              head,
              0,
              false));
    }
  }

  private void frames(ByteBuffer b, int at) {
    long socketId = b.getLong(at + RecordLayout.SOCKET_ID);
    boolean incoming = FrameLayout.incoming(b, at);
    boolean fromClient = incoming == (role(b, at) == Role.ACCEPT);
    int offset = FrameLayout.offset(b, at);
    for (StreamHead h : http2.read(socketId, fromClient, offset, FrameLayout.bytes(b, at))) {
      messages++;
      out.message(message(b, at, socketId, incoming, h));
      if (!followed.containsKey(socketId)) {
        followed.put(socketId, message(b, at, socketId, incoming, Http2Heads.NO_MORE));
      }
    }
  }

  private HttpMessage message(
      ByteBuffer b, int at, long socketId, boolean incoming, StreamHead head) {
    return new HttpMessage(
        node,
        netns(b, at),
        socketId,
        b.getInt(at + RecordLayout.TURN),
        FrameLayout.atNanos(b, at),
        tuple(b, at),
        role(b, at),
        incoming,
        false,
        owner(b, at),
        head.head(),
        head.stream() == 0 ? HttpMessage.ALL_STREAMS : head.stream(),
        head.concludes());
  }

  /** Lets go of the tables of other namespaces' connections, and says that no more is told. */
  void endHeads(Set<Long> exceptOf) {
    for (HttpMessage noMore : List.copyOf(followed.values())) {
      if (!exceptOf.contains(noMore.netns())) {
        followed.remove(noMore.socketId());
        http2.closed(noMore.socketId());
        out.message(noMore);
      }
    }
  }

  private Burst burst(ByteBuffer b, int at) {
    return new Burst(
        node,
        netns(b, at),
        b.getLong(at + RecordLayout.SOCKET_ID),
        tuple(b, at),
        role(b, at),
        b.getInt(at + RecordLayout.BURST_IN) != 0,
        b.getInt(at + RecordLayout.BURST_FLAGS),
        new Exchange.Owner(
            b.getInt(at + RecordLayout.BURST_TGID), b.getInt(at + RecordLayout.BURST_TID), ""),
        nanos(b, at + RecordLayout.BURST_READY),
        nanos(b, at + RecordLayout.BURST_FIRST),
        nanos(b, at + RecordLayout.BURST_LAST),
        b.getInt(at + RecordLayout.BURST_SEQ_FROM),
        b.getInt(at + RecordLayout.BURST_SEQ_TO));
  }

  private static Exchange.Opening opening(ByteBuffer b, int at) {
    return new Exchange.Opening(
        nanos(b, at + RecordLayout.SYN),
        nanos(b, at + RecordLayout.ESTABLISHED),
        nanos(b, at + RecordLayout.FIRST_USE),
        nanos(b, at + RecordLayout.HANDSHAKE_START),
        nanos(b, at + RecordLayout.HANDSHAKE_END),
        b.getInt(at + RecordLayout.SYN_RETRANSMITS));
  }

  private Exchange.Owner owner(ByteBuffer b, int at) {
    return new Exchange.Owner(
        b.getInt(at + RecordLayout.TGID),
        b.getInt(at + RecordLayout.TID),
        names.at(b, at + RecordLayout.COMM));
  }

  static SocketTuple tuple(ByteBuffer b, int at) {
    boolean v4 = b.getShort(at + RecordLayout.FAMILY) == AF_INET;
    return new SocketTuple(
        endpoint(b, at + RecordLayout.LOCAL, v4, b.getShort(at + RecordLayout.LOCAL_PORT)),
        endpoint(b, at + RecordLayout.REMOTE, v4, b.getShort(at + RecordLayout.REMOTE_PORT)));
  }

  /** Addresses are in network order, read here from a little-endian buffer. */
  static Endpoint endpoint(ByteBuffer b, int at, boolean v4, short port) {
    int p = Short.toUnsignedInt(port);
    return v4
        ? Endpoint.ofIpv4(Integer.reverseBytes(b.getInt(at)), p)
        : new Endpoint(Long.reverseBytes(b.getLong(at)), Long.reverseBytes(b.getLong(at + 8)), p);
  }

  static Role role(ByteBuffer b, int at) {
    int role = b.get(at + RecordLayout.ROLE);
    return role >= 0 && role < ROLES.length ? ROLES[role] : Role.UNKNOWN;
  }

  private static long netns(ByteBuffer b, int at) {
    return Integer.toUnsignedLong(b.getInt(at + RecordLayout.NETNS));
  }

  private static long nanos(ByteBuffer b, int at) {
    long v = b.getLong(at);
    return v == 0 ? Nanos.UNSET : v;
  }

  private int millis(int ticks) {
    return (int) (ticks * millisPerTick);
  }
}
