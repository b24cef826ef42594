package io.hoptoll.correlator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hoptoll.model.Cause;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Hop;
import io.hoptoll.model.LegKind;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.SidecarSpan;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A rollout: all calls of a service go to another workload than before. */
class ShiftsTest {
  private static final String PATH = "/reviews";
  private static final long WELL = 1_000;
  private static final long SHIFTED = WELL + 60;
  private static final int REQUESTS = 20;

  private final Windows windows = new Windows(new JoinCounters());
  private final World.Truth t = World.steady("id");

  @Test
  void theNextVersionIsNotSlowBecauseItIsCalled() {
    feedWell();
    feed("reviews-v2", 20, SHIFTED);
    Verdict verdict = diagnosed();
    assertEquals(Verdict.Status.HEALTHY, verdict.status(), verdict::headline);
  }

  @Test
  void aSlowerVersionIsSlowerByTheDifference() {
    feedWell();
    feed("reviews-v2", 35, SHIFTED);
    Verdict.Finding found = diagnosed().findings().get(0);
    assertEquals(Cause.APP_SERVICE_TIME, found.cause());
    assertEquals("reviews-v2.default", found.edge().server());
    assertEquals(15.0, found.excessNanos() / Nanos.PER_MILLI, 0.1);
  }

  /** A canary that is a Service of its own, as Flagger's or a route's second backend. */
  @Test
  void noMoreIsAnotherServiceOfTheSameHost() {
    feedWell();
    feed("reviews-canary", "reviews-canary", 20, SHIFTED);
    Verdict verdict = diagnosed();
    assertEquals(Verdict.Status.HEALTHY, verdict.status(), verdict::headline);
  }

  private void feedWell() {
    for (int second = 0; second < 20; second++) {
      feed("reviews-v1", 20, WELL + second);
    }
  }

  private void feed(String workload, long millis, long second) {
    feed(workload, "reviews", millis, second);
  }

  private void feed(String workload, String service, long millis, long second) {
    HalfHop c = Change.client(t);
    String cluster = "outbound|9080||" + service + ".default.svc.cluster.local";
    SidecarSpan call = Change.cluster(c.span(), cluster);
    HalfHop client = new HalfHop(call, c.node(), c.netns(), c.startNanos(), c.sockets());
    HalfHop s = Change.server(t);
    SidecarSpan span = Change.proxy(s.span(), World.proxy("10.77.0.12", workload));
    HalfHop server = new HalfHop(span, s.node(), s.netns(), s.startNanos(), s.sockets());
    LedgerBuilder ledgers = new LedgerBuilder(new JoinCounters());
    PathNode root =
        new PathNode(new Hop(client, server, List.of(), ledgers.build(client, server, List.of())));
    Charges charges = new Charges();
    charges.add(root.edge(), LegKind.SERVER_APP_SELF.bit(), millis * Nanos.PER_MILLI);
    for (int i = 0; i < REQUESTS; i++) {
      windows.request(PATH, root, charges, second * Nanos.PER_SECOND);
    }
    windows.tick((second + 1) * Nanos.PER_SECOND);
  }

  private Verdict diagnosed() {
    Against past = Against.past(WELL, SHIFTED);
    return new Diagnosis(windows, Sensitivity.DEFAULT)
        .diagnose(new Diagnosis.Query(PATH, SHIFTED, SHIFTED + 1, past, -1, Hanging.Live.NONE), 1);
  }
}
