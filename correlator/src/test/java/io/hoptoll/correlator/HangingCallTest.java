package io.hoptoll.correlator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.model.Endpoint;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.Exchange.Role;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Hop;
import io.hoptoll.model.LegKind;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.SocketTuple;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Requests given up after a second, whose app did more than wait for the one call that hung: it
 * called a fast hop beside it, or read from its cache. Instants in ms after it read.
 */
class HangingCallTest {
  private static final long MILLI = Nanos.PER_MILLI;
  private static final long NEVER = -1;
  private static final Endpoint HANGS = Endpoint.parse("10.9.9.9", 3306);
  private static final Endpoint ALSO_HANGS = Endpoint.parse("10.9.9.8", 3306);
  private static final Endpoint CACHE = Endpoint.parse("10.9.9.7", 6379);
  private static final Edge EDGE = new Edge("productpage.default", "reviews.default");
  private static final Edge FAST = new Edge("reviews.default", "ratings.default");

  private final World.Truth t = World.steady("r-1");
  private final LedgerBuilder ledgers = new LedgerBuilder(new JoinCounters());
  private final Exchange.Owner reader = t.e6().owner();
  private final Exchange.Owner another =
      new Exchange.Owner(reader.tgid(), reader.tid() + 1, "another");
  private final ThreadTurns turns = new ThreadTurns();
  private int sockets = 500;

  @Test
  void isFoundBehindAFastHopBesideIt() {
    turns.exchange(call(another, HANGS, 10, NEVER));
    Charges charges = charges(fanOut());
    assertTrue(waited(charges, HANGS) > 960 * MILLI, () -> charges.waited().toString());
    assertEquals(1, charges.waited().size(), () -> charges.waited().toString());
  }

  /** What the app did before its fast hop takes no call of another request's. */
  @Test
  void aRequestHasOne() {
    turns.exchange(call(another, HANGS, 10, NEVER));
    turns.exchange(call(another, ALSO_HANGS, 11, NEVER));
    charges(fanOut());
    assertTrue(waited(charges(fanOut()), ALSO_HANGS) > 960 * MILLI);
  }

  @Test
  void aReadByTheSameThreadDoesNotHideIt() {
    turns.exchange(call(another, HANGS, 10, NEVER));
    turns.exchange(call(reader, CACHE, 5, 6));
    turns.exchange(call(reader, CACHE, 100, 101));
    Charges charges = charges(new PathNode(givenUp(), EDGE));
    assertEquals(2 * MILLI, waited(charges, CACHE));
    assertTrue(waited(charges, HANGS) > 960 * MILLI, () -> charges.waited().toString());
    assertEquals(
        waited(charges, HANGS) + 2 * MILLI, sum(charges, LegKind.SERVER_APP_DEPENDENCY.bit()));
  }

  /** The thread that read it waited itself, for an answer that came in time. */
  @Test
  void whatTheThreadItselfWaitedForComesFirst() {
    turns.exchange(call(another, HANGS, 10, NEVER));
    turns.exchange(call(reader, CACHE, 5, 900));
    Charges charges = charges(new PathNode(givenUp(), EDGE));
    assertEquals(895 * MILLI, waited(charges, CACHE));
    assertTrue(waited(charges, HANGS) < 105 * MILLI, () -> charges.waited().toString());
  }

  /** What hung before the app had read it is another request's. */
  @Test
  void ofBeforeItWasReadIsNone() {
    turns.exchange(call(another, HANGS, -1, NEVER));
    assertEquals(0, waited(charges(fanOut()), HANGS));
  }

  private PathNode fanOut() {
    PathNode root = new PathNode(givenUp(), EDGE);
    HalfHop client = Change.node(Change.client(t), World.NODE, 20 * MILLI);
    HalfHop server = Change.node(Change.server(t), World.NODE, 20 * MILLI);
    root.add(new PathNode(hop(client, server), FAST), PathNode.Link.REQUEST_ID);
    return root;
  }

  private Hop givenUp() {
    return hop(
        GivenUpTest.givenUp(Change.client(t), GivenUpTest.LEFT),
        GivenUpTest.givenUp(Change.server(t), GivenUpTest.LEFT));
  }

  private Hop hop(HalfHop client, HalfHop server) {
    return new Hop(client, server, List.of(), ledgers.build(client, server, List.of()));
  }

  private Charges charges(PathNode root) {
    Charges charges = new Charges();
    CriticalPath.collect(root, turns, charges);
    assertEquals(root.hop().ledger().totalNanos(), sum(charges, -1));
    return charges;
  }

  private static long sum(Charges charges, long kinds) {
    long sum = 0;
    for (int i = 0; i < charges.size(); i++) {
      sum += (charges.kinds(i) & kinds) != 0 ? charges.nanos(i) : 0;
    }
    return sum;
  }

  private static long waited(Charges charges, Endpoint peer) {
    return charges.waited().stream()
        .filter(w -> w.peer().startsWith(peer.toString()))
        .mapToLong(Charges.Waited::nanos)
        .sum();
  }

  private Exchange call(Exchange.Owner owner, Endpoint peer, long sent, long answered) {
    long read = t.e6().marks().readLastNanos();
    long out = read + sent * MILLI;
    long in = answered == NEVER ? Nanos.UNSET : read + answered * MILLI;
    return new Exchange(
        World.NODE,
        t.e6().netns(),
        sockets++,
        0,
        read + 1_000 * MILLI,
        new SocketTuple(Endpoint.parse("10.77.0.12", 40_000), peer),
        Role.CONNECT,
        0,
        owner,
        t.e6().opening(),
        new Exchange.Marks(in, in, in, in, out, out),
        t.e6().volume(),
        t.e6().tcp());
  }
}
