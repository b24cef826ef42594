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

  /** By path: those kept for a leg, to tell without an object that a request is not the slowest. */
  private final Map<String, List<FinishedRequest>> byPath = new HashMap<>();

  void offer(FinishedRequest r) {
    boolean isFailed = r.code() == 0 || r.code() >= 400;
    if (!isFailed && isBeaten(r)) {
      return; // most
    }
    keep(new Reason(Kind.PATH, r.path(), ""), r);
    Charge most = r.largest();
    if (keep(new Reason(Kind.LEG, r.path(), new Leg(most.edge(), most.kinds())), r)) {
      keptForLeg(r);
    }
    if (isFailed) {
      for (Cause cause : r.failures()) {
        keep(new Reason(Kind.ERROR, r.path(), cause), r);
      }
    }
  }

  /** By one of its own path that the same leg took most of: so it is the slowest of neither. */
  private boolean isBeaten(FinishedRequest r) {
    List<FinishedRequest> kept = byPath.get(r.path());
    for (int i = 0; kept != null && i < kept.size(); i++) {
      if (kept.get(i).isOfLeg(r)) {
        return r.totalNanos() <= kept.get(i).totalNanos();
      }
    }
    return false;
  }

  private void keptForLeg(FinishedRequest r) {
    List<FinishedRequest> kept = byPath.computeIfAbsent(r.path(), p -> new ArrayList<>());
    kept.removeIf(r::isOfLeg);
    kept.add(r);
  }

  private boolean keep(Reason reason, FinishedRequest r) {
    FinishedRequest best = slowest.get(reason);
    boolean isNew = best == null && slowest.size() < Limits.CANDIDATES;
    boolean isKept = isNew || best != null && r.totalNanos() > best.totalNanos();
    if (isKept) {
      slowest.put(reason, r);
    }
    return isKept;
  }

  /** Those to keep, and an empty selection again. */
  List<FinishedRequest> take() {
    List<Map.Entry<Reason, FinishedRequest>> ranked = new ArrayList<>(slowest.entrySet());
    ranked.sort(
        Comparator.<Map.Entry<Reason, FinishedRequest>, Kind>comparing(e -> e.getKey().kind())
            .thenComparing(e -> -e.getValue().totalNanos()));
    slowest.clear();
    byPath.clear();
    Set<Long> taken = new HashSet<>();
    return ranked.stream()
        .map(Map.Entry::getValue)
        .filter(r -> taken.add(r.sequence()))
        .limit(Limits.KEPT)
        .toList();
  }
}
