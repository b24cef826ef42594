package io.hoptoll.correlator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.model.Cause;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Hop;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.SidecarSpan.Outcome;
import java.util.List;
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

  private Verdict.Finding failure() {
    Against past = Against.past(SECOND - 60, SECOND);
    Verdict verdict =
        new Diagnosis(windows, Sensitivity.DEFAULT)
            .diagnose(
                new Diagnosis.Query(PATH, SECOND, SECOND + 1, past, -1, Hanging.Live.NONE), 1);
    List<Verdict.Finding> failures =
        verdict.findings().stream().filter(f -> f.cause() == Cause.APP_ERROR).toList();
    assertEquals(1, failures.size(), failures::toString);
    return failures.get(0);
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
