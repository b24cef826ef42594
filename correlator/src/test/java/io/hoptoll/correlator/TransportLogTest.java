package io.hoptoll.correlator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hoptoll.model.Endpoint;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.Exchange.Role;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Hop;
import io.hoptoll.model.Ledger;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.PacketDrop;
import io.hoptoll.model.SocketTuple;
import io.hoptoll.model.TransportEvent;
import io.hoptoll.model.TransportEvent.Kind;
import io.hoptoll.model.UpstreamPool;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which of the kernels' reports belong to a hop, and to which of its sockets' turns. */
class TransportLogTest {
  private final TransportLog log = new TransportLog();
  private final World.Truth t = World.steady("id");
  private final Exchange up = t.e3();
  private final Hop hop = hop(t);

  @Test
  void retransmitsOfTheTurnByKind() {
    log.event(event(up, up.turn(), Kind.RETRANSMIT_TIMEOUT, 3));
    log.event(event(up, up.turn(), Kind.RETRANSMIT_FAST, 2));
    log.event(event(up, up.turn() + 1, Kind.RETRANSMIT_FAST, 100));
    assertEquals(
        Map.of(Evidence.RETRANSMITS_BY_TIMEOUT, 3L, Evidence.RETRANSMITS_FAST, 2L), found());
  }

  @Test
  void dropsOfBothDirectionsWhileTheTurnRan() {
    long at = up.marks().sendFirstNanos();
    log.drop(drop(up.tuple(), up.netns(), at, 5));
    log.drop(drop(up.tuple().reversed(), up.netns(), at, 7));
    log.drop(drop(up.tuple(), up.netns(), at - 1, 100));
    log.drop(drop(up.tuple(), up.netns(), up.emitNanos() + 1, 100));
    log.drop(drop(up.tuple(), up.netns() + 77, at, 11)); // in a router's namespace
    assertEquals(Map.of(Evidence.PACKETS_DROPPED, 23L), found());
    assertEquals(Map.of("NETFILTER_DROP in nf_hook_slow", 23L), log.of(hop).drops());
  }

  @Test
  void whatOtherSocketsSufferedIsNotThisHops() {
    SocketTuple other = new SocketTuple(up.tuple().local(), Endpoint.parse("10.9.9.9", 9));
    log.drop(drop(other, up.netns(), up.marks().sendFirstNanos(), 1));
    assertEquals(Map.of(), found());
  }

  @Test
  void theOldestOfASocketIsForgottenFirst() {
    log.event(event(up, up.turn(), Kind.RETRANSMIT_PROBE, 1_000));
    for (int i = 0; i < Limits.TROUBLES_PER_SOCKET; i++) {
      log.event(event(up, up.turn(), Kind.RETRANSMIT_PROBE, 1));
    }
    assertEquals(Map.of(Evidence.RETRANSMITS_PROBE, (long) Limits.TROUBLES_PER_SOCKET), found());
  }

  /** It answered with the same breath that it read: nothing of it was a wait. */
  @Test
  void whomOneRequestDidNotWaitForTheNextDidNotEither() {
    long second = Nanos.PER_SECOND;
    long read = t.e2().marks().readFirstNanos() + 10 * second;
    log.event(syn(1, "10.77.0.98", read + second / 2));
    log.of(retried(read, read));
    log.event(syn(2, "10.77.0.99", read + 3 * second));
    Troubles found = log.of(retried(read + 2 * second, read + 3 * second));
    assertEquals(Set.of("SYN to 10.77.0.99:9080"), found.drops().keySet());
  }

  /** Its sidecar had it from one instant to the other. */
  private Hop retried(long read, long answered) {
    Exchange down =
        Change.marks(t.e2(), new Exchange.Marks(read, read, read, read, answered, answered));
    HalfHop client =
        Change.half(
            Change.attempts(t.client(), 2),
            World.NODE,
            t.e1(),
            down,
            up,
            null,
            UpstreamPool.UNKNOWN);
    return new Hop(client, null, List.of(), hop.ledger());
  }

  private TransportEvent syn(long socket, String peer, long at) {
    return new TransportEvent(
        up.node(),
        up.netns(),
        socket,
        0,
        at,
        new SocketTuple(up.tuple().local(), Endpoint.parse(peer, 9_080)),
        Role.CONNECT,
        t.e2().owner().tgid(),
        Kind.RETRANSMIT_SYN,
        1,
        0,
        0,
        "",
        0);
  }

  private Map<Evidence, Long> found() {
    Map<Evidence, Long> found = new EnumMap<>(Evidence.class);
    log.of(hop).collect(found::put);
    return found;
  }

  private static Hop hop(World.Truth t) {
    HalfHop client = Change.client(t);
    HalfHop server = Change.server(t);
    Ledger ledger = new LedgerBuilder(new JoinCounters()).build(client, server, List.of());
    return new Hop(client, server, List.of(), ledger);
  }

  private static TransportEvent event(Exchange e, int turn, Kind kind, int amount) {
    return new TransportEvent(
        e.node(),
        e.netns(),
        e.socketId(),
        turn,
        e.marks().sendFirstNanos() + 1,
        e.tuple(),
        Role.CONNECT,
        1,
        kind,
        amount,
        0,
        0,
        "",
        0);
  }

  private PacketDrop drop(SocketTuple flow, long netns, long at, long packets) {
    return new PacketDrop(
        up.node(),
        netns,
        0,
        0,
        flow.local(),
        flow.remote(),
        at,
        at,
        packets,
        1,
        0,
        "NETFILTER_DROP",
        "nf_hook_slow+0xa1");
  }
}
