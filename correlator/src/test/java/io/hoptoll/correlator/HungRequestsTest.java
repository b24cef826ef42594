package io.hoptoll.correlator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hoptoll.correlator.pods.Unanswered;
import io.hoptoll.model.Endpoint;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Hop;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.UpstreamPool;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A server's sidecar and its app, and what they gave up. */
class HungRequestsTest {
  private static final String PATH = "/shop";
  private static final int PORT = 9_080;
  private static final long SECOND = Nanos.PER_SECOND;
  private static final int SIDECAR = 103;
  private static final int APP = 104;
  private static final Endpoint PEER = Endpoint.parse("10.9.9.9", 5_432);

  private final List<Unanswered> all = new ArrayList<>();

  @Test
  void whatTheAppDidNotReadIsUnread() {
    given(SIDECAR, true, APP, 3 * SECOND, SECOND, false);
    assertEquals(1, hung().unread(new ProcessKey(World.NODE, APP)).size());
  }

  /** Its caller gave up, it answered a moment later: between requests it has none. */
  @Test
  void whatItHadReadBeforeItsCallerGaveUpIsNot() {
    given(SIDECAR, true, APP, 3 * SECOND, SECOND, true);
    assertEquals(List.of(), hung().unread(new ProcessKey(World.NODE, APP)));
    given(SIDECAR, false, 0, 3 * SECOND, SECOND, false);
    assertEquals(1, hung().callsSince(new ProcessKey(World.NODE, SIDECAR)).size());
  }

  /** Such as a poll of its own that ran into its time-out. */
  @Test
  void whatStillWaitsDoesNotWaitForACallThatWasGivenUp() {
    given(APP, false, 0, 5 * SECOND, 0, false);
    given(APP, true, 0, 2 * SECOND, 2 * SECOND, false);
    assertEquals(List.of(), hung().callsSince(new ProcessKey(World.NODE, APP)));
    given(APP, true, 0, 4 * SECOND, 0, false);
    assertEquals(1, hung().callsSince(new ProcessKey(World.NODE, APP)).size());
  }

  @Test
  void whatTheSidecarSentAndNobodyAcceptedIsUntaken() {
    given(SIDECAR, true, 0, 3 * SECOND, 0, false);
    given(SIDECAR, true, 0, 4 * SECOND, 0, false);
    assertEquals(2, hung().untaken(new ProcessKey(World.NODE, SIDECAR)).size());
    assertEquals(2, hung().count());
    assertEquals(4 * SECOND, hung().oldestNanos());
    given(APP, false, 0, 3 * SECOND, 0, false);
    assertEquals(List.of(), hung().untaken(new ProcessKey(World.NODE, SIDECAR)), "it accepts some");
  }

  private void given(int process, boolean isClient, int peer, long age, long over, boolean isRead) {
    all.add(
        new Unanswered(
            World.NODE, process, isClient, true, PORT, PEER, peer, true, age, over, isRead));
  }

  private HungRequests hung() {
    World.Truth t = World.steady("a");
    HalfHop server =
        Change.half(
            t.server(),
            World.NODE,
            null,
            owned(t.e4(), SIDECAR),
            owned(t.e5(), SIDECAR),
            owned(t.e6(), APP),
            UpstreamPool.UNKNOWN);
    HalfHop client = Change.client(t);
    Owners owners = new Owners();
    owners.hop(
        PATH,
        new Hop(
            client,
            server,
            List.of(),
            new LedgerBuilder(new JoinCounters()).build(client, server, List.of())),
        new Edge("productpage", "reviews"));
    return new HungRequests(owners, PATH, SECOND, all);
  }

  private static Exchange owned(Exchange e, int tgid) {
    return Change.owner(e, new Exchange.Owner(tgid, tgid, "p" + tgid));
  }
}
