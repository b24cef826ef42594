package io.hoptoll.correlator;

import io.hoptoll.correlator.Verdict.Blame;
import io.hoptoll.model.Party;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What access logs alone would blame, for comparison: the usual subtraction of span durations, on
 * the same requests. A server app's time excludes the hops it made.
 */
final class AlsAlone {
  private AlsAlone() {}

  static @Nullable Blame blame(Comparison c) {
    Set<Edge> edges = new HashSet<>();
    c.excess().keySet().forEach(slot -> edges.add(slot.edge()));
    List<Blame> all = new ArrayList<>();
    for (Edge edge : edges) {
      all.add(blame(c, edge, Party.CLIENT_SIDECAR, Evidence.ALS_CLIENT_SIDECAR));
      all.add(blame(c, edge, Party.TRANSPORT, Evidence.ALS_TRANSPORT));
      all.add(blame(c, edge, Party.SERVER_SIDECAR, Evidence.ALS_SERVER_SIDECAR));
      double below =
          edges.stream()
              .filter(child -> child.client().equals(edge.server()))
              .mapToDouble(child -> whole(c, child))
              .sum();
      double app = c.excess(Slot.evidence(edge, Evidence.ALS_SERVER_APP)) - below;
      all.add(new Blame(Party.SERVER_APP, edge, app));
    }
    return all.stream()
        .max(Comparator.comparingDouble(Blame::excessNanos))
        .filter(b -> b.excessNanos() > 0)
        .orElse(null);
  }

  private static Blame blame(Comparison c, Edge edge, Party party, Evidence evidence) {
    return new Blame(party, edge, c.excess(Slot.evidence(edge, evidence)));
  }

  private static double whole(Comparison c, Edge edge) {
    return c.excess(Slot.evidence(edge, Evidence.ALS_CLIENT_SIDECAR))
        + c.excess(Slot.evidence(edge, Evidence.ALS_TRANSPORT))
        + c.excess(Slot.evidence(edge, Evidence.ALS_SERVER_SIDECAR))
        + c.excess(Slot.evidence(edge, Evidence.ALS_SERVER_APP));
  }
}
