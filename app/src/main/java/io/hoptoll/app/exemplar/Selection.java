package io.hoptoll.app.exemplar;

import io.hoptoll.correlator.Charge;
import io.hoptoll.correlator.Edge;
import io.hoptoll.correlator.FinishedRequest;
import io.hoptoll.model.Cause;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The slowest request for each reason to keep one: of a path, of those that one leg took most of,
 * of those that failed for one cause. Reasons come in this order when there is no room for all:
 * errors, then paths, then legs; the slowest first.
 */
final class Selection {
  private enum Kind {
    ERROR,
    PATH,
    LEG
  }

  /** Why a request is kept; {@code what} tells those of one kind apart. */
  private record Reason(Kind kind, String path, Object what) {}

  private record Leg(Edge edge, long kinds) {}

  private final Map<Reason, FinishedRequest> slowest = new HashMap<>();

  void offer(FinishedRequest r) {
    keep(new Reason(Kind.PATH, r.path(), ""), r);
    Charge most = r.largest();
    keep(new Reason(Kind.LEG, r.path(), new Leg(most.edge(), most.kinds())), r);
    if (r.code() == 0 || r.code() >= 400) {
      for (Cause cause : r.failures()) {
        keep(new Reason(Kind.ERROR, r.path(), cause), r);
      }
    }
  }

  private void keep(Reason reason, FinishedRequest r) {
    FinishedRequest best = slowest.get(reason);
    boolean isNew = best == null && slowest.size() < Limits.CANDIDATES;
    if (isNew || best != null && r.totalNanos() > best.totalNanos()) {
      slowest.put(reason, r);
    }
  }

  /** Those to keep, and an empty selection again. */
  List<FinishedRequest> take() {
    List<Map.Entry<Reason, FinishedRequest>> ranked = new ArrayList<>(slowest.entrySet());
    ranked.sort(
        Comparator.<Map.Entry<Reason, FinishedRequest>, Kind>comparing(e -> e.getKey().kind())
            .thenComparing(e -> -e.getValue().totalNanos()));
    slowest.clear();
    Set<Long> taken = new HashSet<>();
    return ranked.stream()
        .map(Map.Entry::getValue)
        .filter(r -> taken.add(r.sequence()))
        .limit(Limits.KEPT)
        .toList();
  }
}
