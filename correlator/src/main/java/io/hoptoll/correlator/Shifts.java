package io.hoptoll.correlator;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Calls that go to another workload of a service than before: a rollout, a canary, a replica that
 * is gone. What that one now takes for them the other took before, so only what they take together
 * has grown.
 */
final class Shifts {
  private Shifts() {}

  /**
   * @param excess how much each leg grew, ns a request
   * @return the same, but for legs of calls by one caller to one service of which others of their
   *     kind shrank: these grew by so much less, each in proportion
   */
  static Map<Slot, Double> without(Map<Slot, Double> excess, Owners owners) {
    List<Slot> shrunk =
        excess.entrySet().stream()
            .filter(e -> e.getKey().evidence() == null && e.getValue() < 0)
            .map(Map.Entry::getKey)
            .toList();
    Map<Slot, Double> without = new HashMap<>(excess);
    without.replaceAll(
        (leg, grown) ->
            grown > 0 && shrunk.stream().anyMatch(s -> isInstead(leg, s, owners))
                ? grown * share(leg, excess, owners)
                : grown);
    return without;
  }

  private static boolean isInstead(Slot leg, Slot other, Owners owners) {
    return leg.evidence() == null
        && other.evidence() == null
        && leg.kinds() == other.kinds()
        && owners.isSameService(leg.edge(), other.edge());
  }

  /** What the workloads of the leg's service grew by together, of what some of them grew by. */
  private static double share(Slot leg, Map<Slot, Double> excess, Owners owners) {
    double grown = 0;
    double all = 0;
    for (Map.Entry<Slot, Double> e : excess.entrySet()) {
      if (isInstead(leg, e.getKey(), owners)) {
        grown += Math.max(0, e.getValue());
        all += e.getValue();
      }
    }
    return Math.max(0, all) / grown;
  }
}
