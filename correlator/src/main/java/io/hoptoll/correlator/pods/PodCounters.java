package io.hoptoll.correlator.pods;

import java.util.LinkedHashMap;
import java.util.Map;

/** What was not kept, or not where it belongs, by cause. */
final class PodCounters {
  long unknownRole;
  long onNodeNetwork;
  long podsRefused;
  long socketsForgotten;
  long placedEarly;
  long inOther;
  long overtaken;
  long dropsUnplaced;
  long streamsForgotten;
  long streamsUnplaced;

  Map<String, Long> read() {
    Map<String, Long> all = new LinkedHashMap<>();
    all.put("unknown_role", unknownRole);
    all.put("on_node_network", onNodeNetwork);
    all.put("pods_refused", podsRefused);
    all.put("sockets_forgotten", socketsForgotten);
    all.put("placed_early", placedEarly);
    all.put("in_other", inOther);
    all.put("overtaken", overtaken);
    all.put("drops_unplaced", dropsUnplaced);
    all.put("streams_forgotten", streamsForgotten);
    all.put("streams_unplaced", streamsUnplaced);
    return all;
  }
}
