package io.hoptoll.correlator.pods;

import static io.hoptoll.correlator.pods.Reports.IP;
import static io.hoptoll.correlator.pods.Reports.NETNS;
import static io.hoptoll.correlator.pods.Reports.NODE;
import static io.hoptoll.correlator.pods.Reports.connection;
import static io.hoptoll.correlator.pods.Reports.exchange;
import static io.hoptoll.correlator.pods.Reports.namespace;
import static io.hoptoll.correlator.pods.Reports.process;
import static io.hoptoll.correlator.pods.Reports.tuple;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.correlator.pods.PodTopology.Link;
import io.hoptoll.model.Connection.End;
import io.hoptoll.model.Endpoint;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.Exchange.Role;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.PacketDrop;
import io.hoptoll.model.SocketProtocol;
import io.hoptoll.model.SocketTuple;
import io.hoptoll.model.WireProtocol;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Lines between processes, out of reports as agents send them. */
class PodTrafficTest {
  private static final int APP = 41;
  private static final int ENVOY = 43;

  /** The app thinks it talks to a service; the redirect leads to Envoy. */
  private static final SocketTuple APP_END = tuple(IP, 40_001, "10.96.0.9", 9_080);

  private static final SocketTuple ENVOY_END = tuple("127.0.0.1", 15_001, IP, 40_001);
  private static final SocketTuple UPSTREAM = tuple(IP, 50_001, "10.244.2.8", 9_080);

  private final PodTraffic traffic = new PodTraffic();
  private long now = 5 * Nanos.PER_SECOND;

  @BeforeEach
  void namePod() {
    traffic.namespace(namespace(NETNS, IP, "127.0.0.1"));
    traffic.running(process(APP, "node", "", ""), now);
    traffic.running(process(ENVOY, "envoy", "", ""), now);
  }

  @Test
  void aRedirectedConnectionIsALineInsideThePodSeenFromBothSides() {
    report(exchange(1, 0, APP, Role.CONNECT, APP_END, 2_003, 101, 0));
    report(exchange(2, 0, ENVOY, Role.ACCEPT, ENVOY_END, 101, 2_003, 0));
    Link line = only();
    assertEquals("p41-p43", line.id());
    assertEquals(List.of(15_001), line.serverPorts(), "the port that the server itself names");
    assertEquals("TCP", line.protocol());
    assertEquals(101, line.client().write().bytes());
    assertEquals(2_003, line.client().read().bytes());
    assertEquals(101, line.server().read().bytes());
    assertEquals(2, line.client().write().count());
    assertEquals(3, line.client().read().count());
    assertEquals(1_000_000, line.client().write().nanos().sumNanos());
    assertEquals(2_000_000, line.client().read().nanos().sumNanos());
    assertEquals(53_000, line.client().connect().nanos().sumNanos(), "SYN to ESTABLISHED");
    assertEquals(71_000, line.server().connect().nanos().sumNanos(), "accept queue");
    assertEquals(31, line.client().minRttMicros());
    assertEquals(37_000, line.client().writeRtt().nanos().sumNanos());
  }

  @Test
  void aTurnThatGoesOnIsCountedOnce() {
    SocketTuple t = UPSTREAM;
    report(exchange(3, 0, ENVOY, Role.CONNECT, t, 0, 101, Exchange.FLUSHED, 1_000, 1));
    report(exchange(3, 0, ENVOY, Role.CONNECT, t, 503, 101, Exchange.FLUSHED, 9_000, 2));
    report(exchange(3, 1, ENVOY, Role.CONNECT, t, 7, 11, 0, 5_000, 1));
    report(exchange(3, 0, ENVOY, Role.CONNECT, t, 503, 101, 0, 9_000, 2)); // overtaken
    SideTable side = only().client();
    assertEquals(2, side.exchanges());
    assertEquals(112, side.write().bytes());
    assertEquals(510, side.read().bytes());
    assertEquals(14_000, side.write().nanos().sumNanos());
    assertEquals(2, side.write().nanos().count());
    assertEquals(3, side.retransmits());
    assertEquals(1, traffic.views().counters().get("overtaken"));
  }

  @Test
  void tcpsAccountIsAddedUpAndItsGaugesAreTheLatest() {
    report(told(0, 9, 4, 10, new Exchange.Windows(65_536, 32_768, 1_000)));
    report(told(0, 9, 7, 12, new Exchange.Windows(65_536, 32_768, 2_000)));
    report(told(1, 5, 2, 11, new Exchange.Windows(4_096, 16_384, 3_000)));
    SideTable.Account expected =
        new SideTable.Account(
            2, 4, 6, 9, 18, 27, 9, 11, new Exchange.Windows(4_096, 16_384, 3_000));
    assertEquals(expected, only().client().account());
  }

  /** One of socket 3, with each of its counters as told so far: lost 1, ..., times a few. */
  private static Exchange told(
      int turn, int queued, int times, int congestionWindow, Exchange.Windows windows) {
    Exchange e = exchange(3, turn, ENVOY, Role.CONNECT, UPSTREAM, 1, 1, 0);
    return Reports.with(
        e,
        new Exchange.Tcp(
            31,
            900,
            37,
            0,
            1,
            2,
            3,
            times,
            2 * times,
            3 * times,
            congestionWindow,
            queued,
            1,
            1,
            windows));
  }

  @Test
  void aPeerOutsideHasItsAddressAServerItsPortToo() {
    report(exchange(3, 0, ENVOY, Role.CONNECT, UPSTREAM, 1, 1, Exchange.TLS));
    report(exchange(4, 0, ENVOY, Role.ACCEPT, tuple(IP, 15_006, "10.244.2.9", 33_333), 1, 1, 0));
    report(exchange(5, 0, ENVOY, Role.ACCEPT, tuple(IP, 15_006, "10.244.2.9", 33_334), 1, 1, 0));
    traffic.namespace(namespace(NETNS + 1, "10.244.2.9"));
    PodTopology t = topology();
    assertEquals(
        List.of("10.244.2.9-p43", "p43-10.244.2.8_9080"),
        t.lines().stream().map(Link::id).sorted().toList());
    assertEquals(2, line(t, "10.244.2.9-p43").server().exchanges());
    assertEquals("TCP(TLS)", line(t, "p43-10.244.2.8_9080").protocol());
  }

  @Test
  void aLineSpeaksWhatItsSocketsFirstBytesSay() {
    traffic.protocol(says(3, WireProtocol.TLS, "db.example"));
    report(exchange(3, 0, ENVOY, Role.CONNECT, UPSTREAM, 1, 1, Exchange.TLS));
    assertEquals("TCP(TLS)", only().protocol());
    assertEquals(List.of("db.example"), only().serverNames());
    traffic.protocol(says(4, WireProtocol.POSTGRESQL, ""));
    report(exchange(4, 0, ENVOY, Role.CONNECT, UPSTREAM, 1, 1, 0));
    assertEquals("PostgreSQL", only().protocol());
  }

  private static SocketProtocol says(long socket, WireProtocol protocol, String name) {
    return new SocketProtocol(NODE, NETNS, socket, UPSTREAM, protocol, name);
  }

  @Test
  void connectionsOpenCloseFailAndRetransmit() {
    report(connection(3, ENVOY, Role.CONNECT, UPSTREAM, End.OPEN, 0));
    report(exchange(3, 0, ENVOY, Role.CONNECT, UPSTREAM, 1, 1, 0, 1, 2));
    report(connection(3, ENVOY, Role.CONNECT, UPSTREAM, End.RESET_RECEIVED, 3));
    SocketTuple again = tuple(IP, 50_002, "10.244.2.8", 9_080);
    report(connection(6, ENVOY, Role.CONNECT, again, End.NEVER_ESTABLISHED, 5));
    SideTable side = only().client();
    assertEquals(1, side.connect().count());
    assertEquals(1, side.failedConnects());
    assertEquals(1, side.close().count());
    assertEquals(40_000, side.close().nanos().sumNanos());
    assertEquals(1, side.resets());
    assertEquals(3 + 5, side.retransmits());
  }

  @Test
  void dropsFallOnTheLineOfTheirSocket() {
    report(exchange(3, 0, ENVOY, Role.CONNECT, UPSTREAM, 1, 1, 0));
    only();
    traffic.drop(drop(3, 5));
    traffic.drop(drop(77, 2));
    assertEquals(5, only().client().drops());
    assertEquals(2, traffic.views().counters().get("drops_unplaced"));
  }

  /** As netfilter frees them, before anyone has looked for their socket. */
  @Test
  void dropsWithoutASocketFallOnWhoWasToReceiveThemElseOnWhoSentThem() {
    report(exchange(1, 0, APP, Role.CONNECT, APP_END, 1, 1, 0));
    report(exchange(2, 0, ENVOY, Role.ACCEPT, ENVOY_END, 1, 1, 0));
    report(exchange(3, 0, ENVOY, Role.CONNECT, UPSTREAM, 1, 1, 0));
    topology();
    traffic.drop(drop(0, 5, ENVOY_END.remote(), ENVOY_END.local()));
    traffic.drop(drop(0, 7, ENVOY_END.local(), ENVOY_END.remote()));
    traffic.drop(drop(0, 3, UPSTREAM.local(), UPSTREAM.remote()));
    traffic.drop(drop(0, 11, UPSTREAM.remote(), UPSTREAM.remote()));
    PodTopology t = topology();
    assertEquals(5, line(t, "p41-p43").server().drops());
    assertEquals(7, line(t, "p41-p43").client().drops());
    assertEquals(3, line(t, "p43-10.244.2.8_9080").client().drops());
    assertEquals(11, traffic.views().counters().get("drops_unplaced"));
  }

  private static PacketDrop drop(long socket, long packets) {
    return drop(socket, packets, UPSTREAM.local(), UPSTREAM.remote());
  }

  private static PacketDrop drop(long socket, long packets, Endpoint source, Endpoint destination) {
    return new PacketDrop(
        NODE,
        NETNS,
        socket,
        0,
        source,
        destination,
        1,
        2,
        packets,
        100,
        0,
        "NETFILTER_DROP",
        "nf_hook_slow+0x1");
  }

  @Test
  void linesWithoutRoomShareOneAndItIsCounted() {
    int more = 7;
    for (int i = 0; i < Limits.LINES_PER_POD + more; i++) {
      String peer = "10.0." + i / 200 + "." + (1 + i % 200);
      report(exchange(100 + i, 0, ENVOY, Role.CONNECT, tuple(IP, 1 + i, peer, 80), 1, 10, 0));
    }
    PodTopology t = topology();
    assertEquals(Limits.LINES_PER_POD + 1, t.lines().size());
    assertEquals(10 * more, line(t, "{other}-{other}").client().write().bytes());
    assertEquals(more, traffic.views().counters().get("in_other"));
  }

  @Test
  void aPidThatIsUsedAgainBeginsWithoutLines() {
    report(exchange(3, 0, ENVOY, Role.CONNECT, UPSTREAM, 1, 1, 0));
    topology();
    traffic.running(process(ENVOY, 999, NETNS, false, "nginx", "", "", false), now);
    PodTopology t = topology();
    assertTrue(t.lines().isEmpty());
    assertEquals(
        List.of("node", "nginx"), t.processes().stream().map(p -> p.executable()).toList());
  }

  @Test
  void anIdleLineAndAnEndedProcessAreForgotten() {
    report(exchange(3, 0, ENVOY, Role.CONNECT, UPSTREAM, 1, 1, 0));
    traffic.running(process(ENVOY, 700, NETNS, false, "envoy", "", "", true), now);
    assertTrue(topology().processes().get(1).ended());
    now += Limits.LINE_IDLE_NANOS + 20 * Nanos.PER_SECOND;
    PodTopology t = topology();
    assertTrue(t.lines().isEmpty());
    assertEquals(1, t.processes().size());
  }

  @Test
  void aSocketOfAnEarlierConnectionIsNotTheOtherEnd() {
    report(connection(2, ENVOY, Role.ACCEPT, ENVOY_END, End.FIN_RECEIVED_FIRST, 0));
    Exchange later = exchange(9, 0, APP, Role.CONNECT, APP_END, 1, 1, 0);
    long shift = 10 * Nanos.PER_SECOND;
    Exchange.Opening o = later.opening();
    report(
        new Exchange(
            later.node(),
            later.netns(),
            9,
            0,
            later.emitNanos() + shift,
            APP_END,
            Role.CONNECT,
            0,
            later.owner(),
            new Exchange.Opening(
                o.synNanos() + shift,
                o.establishedNanos() + shift,
                o.firstUseNanos() + shift,
                o.handshakeStartNanos(),
                o.handshakeEndNanos(),
                0),
            later.marks(),
            later.volume(),
            later.tcp()));
    assertNotNull(line(topology(), "p41-10.96.0.9_9080"));
  }

  private void report(Exchange e) {
    traffic.exchange(e, now);
  }

  private void report(io.hoptoll.model.Connection c) {
    traffic.connection(c, now);
  }

  private Link only() {
    List<Link> lines = topology().lines();
    assertEquals(1, lines.size(), lines.toString());
    return lines.get(0);
  }

  private static Link line(PodTopology t, String id) {
    return t.lines().stream().filter(l -> l.id().equals(id)).findFirst().orElseThrow();
  }

  private PodTopology topology() {
    now += 2 * Nanos.PER_SECOND;
    traffic.tick(now);
    PodTopology t = traffic.views().topology(NODE, IP);
    assertNotNull(t);
    return t;
  }
}
