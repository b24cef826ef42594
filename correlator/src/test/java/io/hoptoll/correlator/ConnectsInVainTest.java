package io.hoptoll.correlator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hoptoll.model.Connection;
import io.hoptoll.model.Endpoint;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.Exchange.Role;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.SidecarSpan;
import io.hoptoll.model.SocketTuple;
import io.hoptoll.model.TransportEvent;
import io.hoptoll.model.TransportEvent.Kind;
import io.hoptoll.model.UpstreamPool;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A sidecar that has a request and connects to somebody who does not answer. */
class ConnectsInVainTest {
  private static final int PROXY = 102;
  private static final long SECOND = Nanos.PER_SECOND;
  private static final long DEAD = 77;
  private static final Endpoint PEER = Endpoint.parse("10.77.0.99", 9_080);

  private final ConnectsInVain connecting = new ConnectsInVain();
  private final List<Endpoint> peers = new ArrayList<>();
  private final World.Truth t = World.steady("id");
  private final long read = t.e2().marks().readFirstNanos();

  @Test
  void aRequestThatWasGivenUpWaitedForItsConnect() {
    syn(read + SECOND);
    syn(read + 3 * SECOND);
    assertEquals(3 * SECOND, waited(false, 1));
    assertEquals(List.of(PEER), peers);
  }

  @Test
  void aRetriedOneWaitedBeforeItWentElsewhere() {
    syn(read + SECOND);
    assertEquals(SECOND, waited(true, 2));
  }

  /** Its own connection stood at once: that another's does not is no matter of it. */
  @Test
  void aRequestThatWasSentOnDidNotWait() {
    syn(read + SECOND);
    assertEquals(0, waited(true, 1));
  }

  /** A pool gives a request whichever connection is ready first; without a limit it opens one. */
  @Test
  void oneThatGotAConnectionThatWasFreedWaitedForItsOwn() {
    Endpoint host = t.e3().tuple().remote();
    UpstreamPool freed = new UpstreamPool(read + SECOND / 4, List.of(), 0);
    syn(PEER, read + SECOND);
    assertEquals(0, connecting.waitedNanos(half(t.client(), true, 1, freed), peers::add));
    syn(host, read + SECOND);
    assertEquals(SECOND / 4, connecting.waitedNanos(half(t.client(), true, 1, freed), peers::add));
    assertEquals(List.of(host), peers);
  }

  /** At the pool's limit nothing is opened: no SYN is on its way. */
  @Test
  void oneThatWaitedForTheLimitDidNot() {
    syn(t.e3().tuple().remote(), read + 3 * SECOND);
    UpstreamPool freed = new UpstreamPool(read + SECOND / 4, List.of(), 0);
    assertEquals(0, connecting.waitedNanos(half(t.client(), true, 1, freed), peers::add));
  }

  /** It went to its server, and what the socket told of that was lost. */
  @Test
  void whereTheTurnWasLostItDidNotWaitEither() {
    syn(read + SECOND);
    assertEquals(0, connecting.waitedNanos(half(t.client(), false, 1), peers::add));
    assertEquals(List.of(), peers);
  }

  /** Refused after two SYNs were lost: the third was answered. */
  @Test
  void noWaitIsLongerThanItsConnection() {
    syn(read + SECOND);
    syn(read + 2 * SECOND);
    connecting.connection(refused(read + 2 * SECOND + SECOND / 2));
    assertEquals(2 * SECOND + SECOND / 2, waited(false, 1));
  }

  private static Connection refused(long closed) {
    Exchange.Opening opening =
        new Exchange.Opening(1, Nanos.UNSET, Nanos.UNSET, Nanos.UNSET, Nanos.UNSET, 2);
    return World.connection(
        DEAD,
        PROXY,
        PEER,
        opening,
        closed,
        Connection.End.NEVER_ESTABLISHED,
        ConnectsInVain.REFUSED);
  }

  @Test
  void anAddressThatAnswersForAnotherClusterIsNotWaitedFor() {
    syn(read + SECOND);
    SidecarSpan.Addresses own = t.client().addresses();
    SidecarSpan other =
        Change.addresses(
            Change.cluster(t.client(), "outbound|9080||else"),
            new SidecarSpan.Addresses(
                own.downstreamDirectRemote(),
                own.downstreamRemote(),
                own.downstreamLocal(),
                own.upstreamLocal(),
                PEER));
    connecting.waitedNanos(
        Change.half(other, World.NODE, null, null, null, null, UpstreamPool.UNKNOWN), peers::add);
    assertEquals(0, waited(false, 1));
  }

  private long waited(boolean sentOn, int attempts) {
    SidecarSpan.Addresses own = t.client().addresses();
    SidecarSpan.Addresses none =
        new SidecarSpan.Addresses(
            own.downstreamDirectRemote(),
            own.downstreamRemote(),
            own.downstreamLocal(),
            Endpoint.NONE,
            Endpoint.NONE);
    SidecarSpan span = sentOn ? t.client() : Change.addresses(t.client(), none);
    return connecting.waitedNanos(half(span, sentOn, attempts), peers::add);
  }

  private HalfHop half(SidecarSpan span, boolean isSeen, int attempts) {
    return half(span, isSeen, attempts, UpstreamPool.UNKNOWN);
  }

  private HalfHop half(SidecarSpan span, boolean isSeen, int attempts, UpstreamPool pool) {
    Exchange down =
        Change.owner(
            Change.marks(
                t.e2(),
                new Exchange.Marks(read, read, read, read, read + 3 * SECOND, read + 3 * SECOND)),
            new Exchange.Owner(PROXY, PROXY, "envoy"));
    return Change.half(
        Change.attempts(span, attempts),
        World.NODE,
        t.e1(),
        down,
        isSeen ? t.e3() : null,
        null,
        pool);
  }

  private void syn(long atNanos) {
    syn(PEER, atNanos);
  }

  private void syn(Endpoint peer, long atNanos) {
    SocketTuple tuple = new SocketTuple(Endpoint.parse("10.77.0.11", 40_000), peer);
    connecting.event(
        new TransportEvent(
            World.NODE,
            1,
            peer.equals(PEER) ? DEAD : DEAD + 1,
            0,
            atNanos,
            tuple,
            Role.CONNECT,
            PROXY,
            Kind.RETRANSMIT_SYN,
            1,
            0,
            0,
            "",
            0));
  }
}
