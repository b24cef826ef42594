package io.hoptoll.correlator.pods;

import io.hoptoll.model.Connection;
import io.hoptoll.model.Endpoint;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.Exchange.Role;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.NetworkNamespace;
import io.hoptoll.model.RunningProcess;
import io.hoptoll.model.SocketTuple;
import java.util.List;

/** Reports of an agent, as the tests need them. */
final class Reports {
  static final String NODE = "n1";
  static final long NETNS = 4026532001L;
  static final String IP = "10.244.1.17";
  static final long SYN = 1_000_000_000L;
  static final long ESTABLISHED = SYN + 53_000;
  static final long FIRST_USE = ESTABLISHED + 71_000;

  private Reports() {}

  static SocketTuple tuple(String local, int localPort, String remote, int remotePort) {
    return new SocketTuple(Endpoint.parse(local, localPort), Endpoint.parse(remote, remotePort));
  }

  /** A turn that wrote {@code out} bytes in 1 ms and read {@code in} bytes in 2 ms. */
  static Exchange exchange(
      long socket, int turn, int tgid, Role role, SocketTuple tuple, long in, long out, int flags) {
    return exchange(socket, turn, tgid, role, tuple, in, out, flags, 1_000_000, 0);
  }

  static Exchange exchange(
      long socket,
      int turn,
      int tgid,
      Role role,
      SocketTuple tuple,
      long in,
      long out,
      int flags,
      long writeNanos,
      int retransmits) {
    long t = FIRST_USE + 10_000_000L * turn;
    return new Exchange(
        NODE,
        NETNS,
        socket,
        turn,
        t + 300_000_000L,
        tuple,
        role,
        flags,
        new Exchange.Owner(tgid, tgid, "thread"),
        opening(role),
        new Exchange.Marks(t, t, t + 1_500_000, t + 2_000_000, t, t + writeNanos),
        new Exchange.Volume(in, out, 3, 2, 0, 1),
        new Exchange.Tcp(31, 900, 37, retransmits, 0, 0, 0, 0, 0, 0, 10, 0, 1, 1));
  }

  /** A turn with these marks, told this long after the request began at this end. */
  static Exchange turn(
      long socket,
      int turn,
      int tgid,
      Role role,
      SocketTuple tuple,
      int flags,
      long askedNanos,
      long answeredNanos,
      long toldNanos) {
    boolean isClient = role == Role.CONNECT;
    long in = isClient ? answeredNanos : askedNanos;
    long out = isClient ? askedNanos : answeredNanos;
    boolean isAnswered = Nanos.isSet(answeredNanos);
    return new Exchange(
        NODE,
        NETNS,
        socket,
        turn,
        askedNanos + toldNanos,
        tuple,
        role,
        flags,
        new Exchange.Owner(tgid, tgid, "thread"),
        opening(role),
        new Exchange.Marks(in, in, in, in, out, out),
        new Exchange.Volume(100, isAnswered ? 200 : 0, 1, 1, 0, 1),
        new Exchange.Tcp(31, 900, 37, 0, 0, 0, 0, 0, 0, 0, 10, 0, 1, 1),
        isAnswered ? 200 : 0);
  }

  /** The same with another account of TCP's. */
  static Exchange with(Exchange e, Exchange.Tcp tcp) {
    return new Exchange(
        e.node(),
        e.netns(),
        e.socketId(),
        e.turn(),
        e.emitNanos(),
        e.tuple(),
        e.role(),
        e.flags(),
        e.owner(),
        e.opening(),
        e.marks(),
        e.volume(),
        tcp,
        e.httpStatus());
  }

  private static Exchange.Opening opening(Role role) {
    return new Exchange.Opening(
        role == Role.CONNECT ? SYN : Nanos.UNSET,
        ESTABLISHED,
        FIRST_USE,
        Nanos.UNSET,
        Nanos.UNSET,
        0);
  }

  static Connection connection(
      long socket, int tgid, Role role, SocketTuple tuple, Connection.End end, int retransmits) {
    boolean established = end != Connection.End.NEVER_ESTABLISHED;
    Exchange.Opening opening =
        established
            ? opening(role)
            : new Exchange.Opening(
                SYN, Nanos.UNSET, Nanos.UNSET, Nanos.UNSET, Nanos.UNSET, retransmits);
    boolean open = end == Connection.End.OPEN;
    long closed = FIRST_USE + 700_000_000L;
    return new Connection(
        NODE,
        NETNS,
        socket,
        tuple,
        role,
        open ? Exchange.OPENED : 0,
        new Exchange.Owner(tgid, tgid, "thread"),
        opening,
        open ? Nanos.UNSET : closed,
        1,
        established ? 0 : 111,
        new Connection.Life(
            1,
            Nanos.UNSET,
            established && !open ? closed - 40_000 : Nanos.UNSET,
            Nanos.UNSET,
            Nanos.UNSET,
            end,
            0,
            0,
            0,
            retransmits,
            new Connection.Rtt(29, 33, 900)));
  }

  static RunningProcess process(int tgid, String executable, String container, String uid) {
    return process(tgid, 700, NETNS, false, executable, container, uid, false);
  }

  static RunningProcess process(
      int tgid,
      long start,
      long netns,
      boolean nodeNetwork,
      String executable,
      String container,
      String uid,
      boolean ended) {
    return new RunningProcess(
        NODE, tgid, start, netns, nodeNetwork, executable, executable, container, uid, ended);
  }

  static NetworkNamespace namespace(long netns, String... ips) {
    return new NetworkNamespace(
        NODE, netns, List.of(ips).stream().map(ip -> Endpoint.parse(ip, 0)).toList());
  }
}
