package io.hoptoll.correlator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.model.Cause;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Hop;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.SidecarSpan.Outcome;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** How many requests a failure is said to have hit. */
class FailureFindingsTest {
  private static final String PATH = "/checkout";
  private static final long SECOND = 1_000;
  private final World.Truth t = World.steady("id");
  private final Windows windows = new Windows(new JoinCounters());

  /** Both the basket and the wish list ask the stock, for each request. */
  @Test
  void aRequestThatFailedAtOneServerByTwoCallersIsOne() {
    for (int i = 0; i < 20; i++) {
      PathNode root = new PathNode(hop(i < 10 ? 503 : 200), new Edge("edge", "checkout"));
      for (String caller : List.of("basket", "wishes")) {
        PathNode called = new PathNode(hop(i < 10 ? 503 : 200), new Edge(caller, "stock"));
        root.add(called, PathNode.Link.REQUEST_ID);
      }
      windows.request(PATH, root, CriticalPath.charges(root), SECOND * Nanos.PER_SECOND);
    }
    windows.tick((SECOND + 1) * Nanos.PER_SECOND);

    Verdict.Finding failure = failure();
    assertEquals(0.5, failure.affected(), 1e-9);
    String hit = failure.evidence().get(0);
    assertTrue(hit.startsWith("10 of 20 requests hit (50"), hit);
  }

  /** One in two hundred, as ever: some second has three or four of them. */
  @Test
  void asManyAsEverAreNoFault() {
    Random random = new Random(7);
    Edge edge = new Edge("edge", "checkout");
    PathNode well = new PathNode(hop(200), edge);
    PathNode failed = new PathNode(hop(503), edge);
    Charges charges = CriticalPath.charges(well);
    int alarms = 0;
    for (long second = SECOND - 300; second < SECOND; second++) {
      for (int i = 0; i < 200; i++) {
        PathNode root = random.nextInt(200) == 0 ? failed : well;
        windows.request(PATH, root, charges, second * Nanos.PER_SECOND);
      }
      windows.tick((second + 1) * Nanos.PER_SECOND);
      alarms += second > SECOND - 240 && !failures(second).isEmpty() ? 1 : 0;
    }
    assertTrue(alarms <= 2, "alarms: " + alarms + " of 239 looks");
    for (int i = 0; i < 200; i++) {
      windows.request(PATH, i % 20 == 0 ? failed : well, charges, SECOND * Nanos.PER_SECOND);
    }
    windows.tick((SECOND + 1) * Nanos.PER_SECOND);
    assertEquals(0.05, failure().affected(), 1e-9);
  }

  private Verdict.Finding failure() {
    List<Verdict.Finding> failures = failures(SECOND);
    assertEquals(1, failures.size(), failures::toString);
    return failures.get(0);
  }

  private List<Verdict.Finding> failures(long second) {
    Against past = Against.past(second - 60, second);
    Verdict verdict =
        new Diagnosis(windows, Sensitivity.DEFAULT)
            .diagnose(
                new Diagnosis.Query(PATH, second, second + 1, past, -1, Hanging.Live.NONE), 1);
    return verdict.findings().stream().filter(f -> f.cause() == Cause.APP_ERROR).toList();
  }

  private Hop hop(int status) {
    Outcome outcome = new Outcome(status, "via_upstream", 0, "", 1);
    HalfHop client = with(Change.client(t), outcome);
    HalfHop server = with(Change.server(t), outcome);
    LedgerBuilder ledgers = new LedgerBuilder(new JoinCounters());
    return new Hop(client, server, List.of(), ledgers.build(client, server, List.of()));
  }

  private static HalfHop with(HalfHop h, Outcome outcome) {
    return Change.half(
        Change.outcome(h.span(), outcome),
        h.node(),
        h.callingApp(),
        h.downstream(),
        h.upstream(),
        h.servingApp(),
        h.pool());
  }
}
