package io.hoptoll.correlator;

import io.hoptoll.model.Connection;
import io.hoptoll.model.Endpoint;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.Exchange.Role;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.NetworkNamespace;
import io.hoptoll.model.Proxy;
import io.hoptoll.model.SidecarSpan;
import io.hoptoll.model.SocketTuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A naive model of one hop between two pods: per connection one request at a time, marks at random
 * distances, exact truth kept. What real Envoys and kernels report is tested end to end; here the
 * join is tested against every interleaving that a seed can make.
 */
final class World {
  static final String NODE = "node-a";
  static final long WALL_OFFSET = 1_700_000_000_000_000_000L;
  private static final long CLIENT_NS = 11;
  private static final long SERVER_NS = 12;
  private static final Endpoint VIP = Endpoint.parse("10.96.0.12", 9080);
  private static final Endpoint SERVER = Endpoint.parse("10.77.0.12", 9080);

  /** One request's truth: six ends, two spans. */
  record Truth(
      Exchange e1,
      Exchange e2,
      Exchange e3,
      Exchange e4,
      Exchange e5,
      Exchange e6,
      SidecarSpan client,
      SidecarSpan server) {
    List<Exchange> ends() {
      return List.of(e1, e2, e3, e4, e5, e6);
    }
  }

  /** One of the client app's, and one of the sidecars' connections in use together. */
  private static final class Lane {
    final int id;
    int turn;
    long freeAtNanos;

    Lane(int id) {
      this.id = id;
    }
  }

  private final Random random;
  private int seenFrom = 40_000;
  private final List<Lane> lanes = new ArrayList<>();
  private final Proxy clientProxy = proxy("10.77.0.11", "productpage");
  private final Proxy serverProxy = proxy("10.77.0.12", "reviews");

  World(long seed, int connections) {
    this(new Random(seed), connections);
  }

  /** All of the app's ports are others to the sidecar. */
  static World rewriting(long seed, int connections) {
    World world = new World(seed, connections);
    world.seenFrom = 30_000;
    return world;
  }

  private World(Random random, int connections) {
    this.random = random;
    for (int i = 0; i < connections; i++) {
      lanes.add(new Lane(i));
    }
  }

  /**
   * One request whose marks are known to the nanosecond: mark i at (100 + 45 i) µs, from the app's
   * answer on 2,455 µs later.
   */
  static Truth steady(String requestId) {
    Random half =
        new Random() {
          private static final long serialVersionUID = 1L;

          @Override
          public int nextInt(int bound) {
            return Math.max(0, bound / 2 - 1);
          }
        };
    return new World(half, 1).request(requestId);
  }

  static List<NetworkNamespace> namespaces() {
    return List.of(
        new NetworkNamespace(NODE, CLIENT_NS, List.of(Endpoint.parse("10.77.0.11", 0))),
        new NetworkNamespace(NODE, SERVER_NS, List.of(Endpoint.parse("10.77.0.12", 0))));
  }

  /** The next request, on a random connection, all of them overlapping on the time axis. */
  Truth request(String requestId) {
    Lane lane = lanes.get(random.nextInt(lanes.size()));
    long[] m = new long[20];
    m[0] = lane.freeAtNanos + step(200_000);
    for (int i = 1; i < m.length; i++) {
      m[i] = m[i - 1] + step(i == 10 ? 5_000_000 : 90_000);
    }
    lane.freeAtNanos = m[19];
    int turn = lane.turn++;
    Endpoint app = Endpoint.parse("10.77.0.11", 40_000 + lane.id);
    Endpoint seen = Endpoint.parse("10.77.0.11", seenFrom + lane.id);
    Endpoint out = Endpoint.parse("10.77.0.11", 50_000 + lane.id);
    Endpoint in = Endpoint.parse("127.0.0.6", 60_000 + lane.id);
    Endpoint redirected = Endpoint.parse("127.0.0.1", 15001);
    Endpoint inbound = Endpoint.parse("10.77.0.12", 15006);
    return new Truth(
        connect(1, CLIENT_NS, lane, turn, new SocketTuple(app, VIP), m[0], m[17], m[18], m[19]),
        accept(2, CLIENT_NS, lane, turn, new SocketTuple(redirected, seen), m[1], m[2], m[16]),
        connect(3, CLIENT_NS, lane, turn, new SocketTuple(out, SERVER), m[3], m[14], m[15], m[15]),
        accept(4, SERVER_NS, lane, turn, new SocketTuple(inbound, out), m[4], m[5], m[13]),
        connect(5, SERVER_NS, lane, turn, new SocketTuple(in, SERVER), m[6], m[11], m[12], m[12]),
        accept(6, SERVER_NS, lane, turn, new SocketTuple(SERVER, in), m[7], m[8], m[10]),
        span(clientProxy, requestId, "outbound|9080||reviews", seen, VIP, out, m, 2),
        span(serverProxy, requestId, "inbound|9080||", out, SERVER, in, m, 5));
  }

  private SidecarSpan span(
      Proxy proxy,
      String id,
      String cluster,
      Endpoint peer,
      Endpoint local,
      Endpoint up,
      long[] m,
      int read) {
    int sent = read + 1;
    int answerRead = read == 2 ? 15 : 12;
    int answered = answerRead + 1;
    long start = (m[read] + 30_000) / 1_000 * 1_000;
    start = Math.min(start, m[read] + step(20_000)) / 1_000 * 1_000;
    return new SidecarSpan(
        proxy,
        "http",
        SidecarSpan.Kind.END,
        SidecarSpan.Protocol.HTTP1,
        WALL_OFFSET + start,
        new SidecarSpan.Times(
            0,
            Math.max(0, m[sent] - start),
            Math.max(0, m[sent] - start),
            m[answerRead] - start,
            m[answerRead] - start,
            m[answered] - start,
            m[answered] - start,
            m[answered] - start + 5_000),
        new SidecarSpan.Addresses(peer, peer, local, up, SERVER),
        new SidecarSpan.Request(
            id, id, "", "GET", "reviews:9080", "/reviews", "default", cluster, "", 1, -1),
        new SidecarSpan.Outcome(200, "via_upstream", 0, "", 1),
        new SidecarSpan.WireBytes(1, 1, 1, 1));
  }

  private Exchange connect(
      int end,
      long ns,
      Lane lane,
      int turn,
      SocketTuple t,
      long sent,
      long ready,
      long read,
      long last) {
    return exchange(
        end,
        ns,
        lane,
        turn,
        t,
        Role.CONNECT,
        new Exchange.Marks(ready, ready, read, last, sent, sent),
        last);
  }

  private Exchange accept(
      int end, long ns, Lane lane, int turn, SocketTuple t, long ready, long read, long sent) {
    return exchange(
        end,
        ns,
        lane,
        turn,
        t,
        Role.ACCEPT,
        new Exchange.Marks(ready, ready, read, read, sent, sent),
        sent);
  }

  private static Exchange exchange(
      int end,
      long ns,
      Lane lane,
      int turn,
      SocketTuple t,
      Role role,
      Exchange.Marks marks,
      long last) {
    return new Exchange(
        NODE,
        ns,
        end * 1_000_000L + lane.id,
        turn,
        last + 300_000_000L,
        t,
        role,
        0,
        new Exchange.Owner(100 + end, 100 + end, "p" + end),
        new Exchange.Opening(Nanos.UNSET, Nanos.UNSET, Nanos.UNSET, Nanos.UNSET, Nanos.UNSET, 0),
        marks,
        role == Role.CONNECT
            ? new Exchange.Volume(200, 100, 1, 1, 0, 1)
            : new Exchange.Volume(100, 200, 1, 1, 0, 1),
        new Exchange.Tcp(20, 20, 20, 0, 0, 0, 0, 0, 0, 0, 10, 0, 1, 1));
  }

  /** The report of one that a process made from 10.77.0.11:40000. */
  static Connection connection(
      long socket,
      int tgid,
      Endpoint peer,
      Exchange.Opening opening,
      long closedNanos,
      Connection.End end,
      int error) {
    return new Connection(
        NODE,
        CLIENT_NS,
        socket,
        new SocketTuple(Endpoint.parse("10.77.0.11", 40_000), peer),
        Role.CONNECT,
        end == Connection.End.OPEN ? Exchange.OPENED : 0,
        new Exchange.Owner(tgid, tgid, "p" + tgid),
        opening,
        closedNanos,
        0,
        error,
        new Connection.Life(
            1,
            Nanos.UNSET,
            Nanos.UNSET,
            Nanos.UNSET,
            Nanos.UNSET,
            end,
            0,
            0,
            0,
            opening.synRetransmits(),
            new Connection.Rtt(0, 0, 0)));
  }

  private long step(int bound) {
    return 1 + random.nextInt(bound);
  }

  static Proxy proxy(String ip, String workload) {
    return new Proxy(
        "sidecar~" + ip + "~" + workload + ".default~default.svc.cluster.local",
        Proxy.Kind.SIDECAR,
        List.of(ip),
        "default",
        workload,
        workload,
        "",
        "1.40.0");
  }
}
