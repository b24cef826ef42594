package io.hoptoll.correlator;

import io.hoptoll.correlator.Verdict.Finding;
import io.hoptoll.model.Cause;
import io.hoptoll.model.Party;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Time-outs and callers that left, and whom they waited for: somebody at the call that was given up
 * or further down the tree. What grew elsewhere explains none.
 */
final class GivenUp {
  private final Set<Edge> edges = new HashSet<>();
  private final List<Finding> explained;
  private final List<Finding> waits;

  /**
   * @param failed findings of failures
   * @param waits findings of latency
   * @param isGrowth whether these took longer than usual; else nothing tells a slow server from a
   *     time-out that is too short for it
   * @param path whose edges are the tree
   */
  GivenUp(List<Finding> failed, List<Finding> waits, boolean isGrowth, Slots path) {
    for (int i = 0; i < path.size(); i++) {
      edges.add(path.get(i).edge());
    }
    List<Finding> known =
        waits.stream().filter(w -> isGrowth && w.party() != Party.UNDETERMINED).toList();
    Set<Finding> waitedFor = new HashSet<>();
    explained = failed.stream().filter(f -> isExplained(f, known, waitedFor)).toList();
    this.waits = new ArrayList<>(waits);
    this.waits.sort(Comparator.comparing(w -> !waitedFor.contains(w)));
  }

  /** Failures whose cause is a wait that was found, as they were ranked. */
  List<Finding> explained() {
    return explained;
  }

  /** All waits as they were ranked, those that were given up first. */
  List<Finding> waits() {
    return waits;
  }

  private boolean isExplained(Finding failure, List<Finding> known, Set<Finding> waitedFor) {
    if (failure.cause() != Cause.SIDECAR_TIMEOUT_SET_TOO_LOW
        && failure.cause() != Cause.CLIENT_ABORT) {
      return false;
    }
    Set<Edge> within = within(failure.edge());
    List<Finding> own = known.stream().filter(w -> isOf(w, within)).toList();
    waitedFor.addAll(own);
    return !own.isEmpty();
  }

  /** Whether it is who waited, or was waited for, on one of these: it may be named by another. */
  private static boolean isOf(Finding wait, Set<Edge> calls) {
    return calls.stream().anyMatch(c -> Actor.of(c, wait.party()).equals(wait.actor()));
  }

  /** The call and all that its server may have waited for. */
  private Set<Edge> within(Edge call) {
    Set<Edge> within = new HashSet<>();
    List<Edge> next = new ArrayList<>(List.of(call));
    while (!next.isEmpty()) {
      Edge last = next.remove(next.size() - 1);
      if (within.add(last)) {
        edges.stream().filter(e -> e.client().equals(last.server())).forEach(next::add);
      }
    }
    return within;
  }
}
