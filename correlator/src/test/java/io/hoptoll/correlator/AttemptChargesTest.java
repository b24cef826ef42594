package io.hoptoll.correlator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.model.Exchange;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Hop;
import io.hoptoll.model.LegKind;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.SidecarSpan;
import io.hoptoll.model.UpstreamPool;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * A per-try time-out ends the wait for a slow app: that wait is the app's, whoever answers then.
 * The rest (back-off, the way there) is of the retries.
 */
class AttemptChargesTest {
  private static final long U = Nanos.UNSET;
  private static final long TRY = 250_000_000;
  private static final long BACK_OFF = 30_000_000;
  private final World.Truth t = World.steady("id");
  private final long read = t.e2().marks().readFirstNanos();

  @Test
  void theAppThatLetAnAttemptWaitHasThatTime() {
    Charges charges = charges(attempt(World.NODE, TRY));
    long own = charged(charges, "reviews-v2.default", LegKind.SERVER_APP_SELF);
    assertTrue(own > TRY - 1_000_000 && own <= TRY, () -> "own: " + own);
    long rest = charged(charges, "reviews", LegKind.CLIENT_SIDECAR_ATTEMPTS);
    assertTrue(rest > BACK_OFF / 2 && rest < 2 * BACK_OFF, () -> "rest: " + rest);
  }

  /** Its clock does not matter. */
  @Test
  void alsoOnAnotherNode() {
    Charges charges = charges(attempt("node-b", TRY));
    assertTrue(charged(charges, "reviews-v2.default", LegKind.SERVER_APP_SELF) > TRY - 1_000_000);
  }

  /** Of attempts side by side (hedged) no more than was waited before the last. */
  @Test
  void noMoreThanTheWait() {
    Charges charges = charges(attempt(World.NODE, 10 * TRY));
    long all = 0;
    for (int i = 0; i < charges.size(); i++) {
      all += charges.nanos(i);
    }
    assertEquals(hop(attempt(World.NODE, 10 * TRY)).ledger().totalNanos(), all);
  }

  /** A connect between two attempts parts the wait in two: the first is charged once. */
  @Test
  void onceWhereTheWaitIsInParts() {
    long syn = read + TRY + BACK_OFF;
    Exchange.Opening opening = new Exchange.Opening(syn, syn + 5_000_000, syn + 5_000_000, U, U, 0);
    long sent = syn + 5_000_000 + TRY;
    Exchange up = Change.opening(t.e3(), opening);
    Hop hop = hop(Change.marks(up, new Exchange.Marks(U, U, U, U, sent, sent)), attempt(TRY));
    long parts = 0;
    for (int i = 0; i < hop.ledger().legCount(); i++) {
      parts += hop.ledger().legKinds(i) == LegKind.CLIENT_SIDECAR_ATTEMPTS.bit() ? 1 : 0;
    }
    assertEquals(2, parts);
    Charges charges = CriticalPath.charges(new PathNode(hop));
    long own = charged(charges, "reviews-v2.default", LegKind.SERVER_APP_SELF);
    assertTrue(own > TRY - 1_000_000 && own <= TRY, () -> "own: " + own);
  }

  /** Where its failures are told, the pods that failed are, too. */
  @Test
  void itIsACallOfThePodThatItReached() {
    Windows windows = new Windows(new JoinCounters());
    PathNode root = new PathNode(hop(attempt(TRY)));
    windows.request("/", root, CriticalPath.charges(root), 5 * Nanos.PER_SECOND);
    Window window = windows.between(0, 10).iterator().next();
    Edge tried = new Edge(root.edge().client(), "reviews-v2.default");
    EdgeWindow there = Objects.requireNonNull(window.edge(tried));
    assertEquals(1, Objects.requireNonNull(there.pods.get("reviews-v2")).calls());
    EdgeWindow own = Objects.requireNonNull(window.edge(root.edge()));
    assertEquals(Set.of(), own.pods.keySet());
    assertEquals(
        List.of(root.edge()),
        new Traffic(windows).edges(0, 10).stream().map(Traffic.EdgeTraffic::edge).toList());
  }

  private HalfHop attempt(long nanos) {
    return attempt(World.NODE, nanos);
  }

  private Charges charges(HalfHop attempt) {
    return CriticalPath.charges(new PathNode(hop(attempt)));
  }

  private Hop hop(HalfHop attempt) {
    long sent = read + TRY + BACK_OFF;
    return hop(Change.marks(t.e3(), new Exchange.Marks(U, U, U, U, sent, sent)), attempt);
  }

  private Hop hop(Exchange up, HalfHop attempt) {
    Exchange.Marks m = t.e2().marks();
    Exchange down =
        Change.marks(
            t.e2(), new Exchange.Marks(m.readyFirstNanos(), m.readyLastNanos(), read, read, U, U));
    SidecarSpan span =
        Change.times(t.client(), new SidecarSpan.Times(0, U, U, U, U, U, U, 3 * TRY));
    HalfHop client = Change.half(span, World.NODE, null, down, up, null, UpstreamPool.UNKNOWN);
    List<HalfHop> attempts = List.of(attempt);
    LedgerBuilder ledgers = new LedgerBuilder(new JoinCounters());
    return new Hop(client, null, attempts, ledgers.build(client, null, attempts));
  }

  /** It reached its app, which did not answer until it was given up. */
  private HalfHop attempt(String node, long nanos) {
    SidecarSpan span = Change.times(t.server(), new SidecarSpan.Times(1, 1, 1, U, U, U, U, nanos));
    span = Change.proxy(span, World.proxy("10.77.0.13", "reviews-v2"));
    Exchange.Marks m = t.e6().marks();
    Exchange app =
        Change.marks(
            t.e6(),
            new Exchange.Marks(
                m.readyFirstNanos(),
                m.readyLastNanos(),
                m.readFirstNanos(),
                m.readLastNanos(),
                U,
                U));
    HalfHop half = Change.half(span, World.NODE, null, t.e4(), null, app, UpstreamPool.UNKNOWN);
    return node.equals(World.NODE) ? half : Change.node(half, node, 7_000_000_000L);
  }

  private static long charged(Charges charges, String server, LegKind kind) {
    long all = 0;
    for (int i = 0; i < charges.size(); i++) {
      boolean own = charges.edge(i).server().equals(server) && charges.kinds(i) == kind.bit();
      all += own ? charges.nanos(i) : 0;
    }
    return all;
  }
}
