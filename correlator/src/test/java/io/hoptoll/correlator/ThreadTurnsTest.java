package io.hoptoll.correlator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hoptoll.model.Endpoint;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.Exchange.Role;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Hop;
import io.hoptoll.model.LegKind;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.SidecarSpan;
import io.hoptoll.model.SocketTuple;
import io.hoptoll.model.UpstreamPool;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What of a request's service is a wait for the thread's own calls. Instants in µs after its read.
 */
class ThreadTurnsTest {
  private static final long US = Nanos.PER_MICRO;
  private static final int THREAD = 1_234;
  private static final Endpoint DATABASE = Endpoint.parse("10.9.9.9", 3306);
  private static final Endpoint CACHE = Endpoint.parse("127.0.0.1", 6379);

  private final World.Truth t = World.steady("r-1");
  private final Exchange serving = Change.owner(t.e6(), new Exchange.Owner(77, THREAD, "app"));
  private final ThreadTurns turns = new ThreadTurns();
  private int sockets = 500;

  @BeforeEach
  void serve() {
    turns.exchange(serving);
  }

  @Test
  void theThreadsOwnCallsCountOnceWhereTheyOverlap() {
    turns.exchange(call(THREAD, 100, 600, DATABASE));
    turns.exchange(call(THREAD, 500, 900, CACHE));
    turns.exchange(call(THREAD, 5_000, 5_100, CACHE)); // after its answer
    Charges charges = charges();
    assertEquals(800 * US, waited(charges));
    assertEquals(
        List.of(
            new Charges.Waited(EDGE, DATABASE.toString(), 500 * US),
            new Charges.Waited(EDGE, CACHE.toString(), 300 * US)),
        charges.waited());
  }

  @Test
  void anotherThreadsAndASidecarsCallsAreNone() {
    turns.exchange(call(THREAD + 1, 100, 600, DATABASE));
    assertEquals(0, waited(charges()));
    turns.half(Change.half(t.server(), World.NODE, null, serving, null, null, NO_POOL));
    turns.exchange(call(THREAD, 100, 600, DATABASE));
    assertEquals(0, waited(charges()));
  }

  @Test
  void aThreadThatServesTwoAtOnceTellsNothing() {
    turns.exchange(call(THREAD, 100, 600, DATABASE));
    turns.exchange(other(50));
    assertEquals(0, waited(charges()));
  }

  /** Its app forwards no header, so the call has become a request of its own. */
  @Test
  void whatASidecarKnowsIsCalledByItsName() {
    HalfHop told = Change.client(t);
    turns.half(told);
    SidecarSpan span = told.span();
    Endpoint dialled = span.downstreamLocal();
    turns.exchange(call(THREAD, 100, 600, dialled));

    String cluster = span.request().upstreamCluster();
    String host = cluster.substring(cluster.lastIndexOf('|') + 1);
    String said = host + " at " + dialled + " (through the sidecar, but its calls name no request)";
    assertEquals(List.of(new Charges.Waited(EDGE, said, 500 * US)), charges().waited());
  }

  @Test
  void theLatestReportOfACallCounts() {
    Exchange early = call(THREAD, 100, 200, DATABASE);
    turns.exchange(early);
    sockets--;
    turns.exchange(call(THREAD, 100, 700, DATABASE));
    assertEquals(600 * US, waited(charges()));
  }

  private static final Edge EDGE = new Edge("productpage.default", "reviews.default");
  private static final UpstreamPool NO_POOL = UpstreamPool.UNKNOWN;

  /** Of the one hop, with a server app of that thread. */
  private Charges charges() {
    HalfHop server = Change.half(t.server(), World.NODE, null, t.e4(), t.e5(), serving, NO_POOL);
    Hop hop =
        new Hop(
            Change.client(t),
            server,
            List.of(),
            new LedgerBuilder(new JoinCounters()).build(Change.client(t), server, List.of()));
    Charges charges = new Charges();
    CriticalPath.collect(new PathNode(hop, EDGE), turns, charges);
    long sum = 0;
    for (int i = 0; i < charges.size(); i++) {
      sum += charges.nanos(i);
    }
    assertEquals(hop.ledger().totalNanos(), sum);
    return charges;
  }

  private static long waited(Charges charges) {
    long sum = 0;
    for (int i = 0; i < charges.size(); i++) {
      boolean is = charges.kinds(i) == LegKind.SERVER_APP_DEPENDENCY.bit();
      sum += is ? charges.nanos(i) : 0;
    }
    return sum;
  }

  private Exchange call(int tid, long from, long until, Endpoint peer) {
    long read = serving.marks().readLastNanos();
    return exchange(
        Role.CONNECT,
        tid,
        peer,
        new Exchange.Marks(
            read + until * US,
            read + until * US,
            read + until * US,
            read + until * US,
            read + from * US,
            read + from * US));
  }

  /** Another request, read by the same thread. */
  private Exchange other(long at) {
    long read = serving.marks().readLastNanos() + at * US;
    return exchange(
        Role.ACCEPT,
        THREAD,
        CACHE,
        new Exchange.Marks(read, read, read, read, Nanos.UNSET, Nanos.UNSET));
  }

  private Exchange exchange(Role role, int tid, Endpoint peer, Exchange.Marks marks) {
    return new Exchange(
        World.NODE,
        12,
        sockets++,
        0,
        marks.readLastNanos(),
        new SocketTuple(Endpoint.parse("10.77.0.12", 40_000), peer),
        role,
        0,
        new Exchange.Owner(77, tid, "app"),
        serving.opening(),
        marks,
        serving.volume(),
        serving.tcp());
  }
}
