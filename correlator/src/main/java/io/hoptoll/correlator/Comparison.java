package io.hoptoll.correlator;

import io.hoptoll.correlator.Sensitivity.Part;
import io.hoptoll.correlator.Verdict.LegShare;
import io.hoptoll.model.Leg;
import io.hoptoll.model.LegKind;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The slow part of a range's requests beside the same part of its baseline, leg by leg. */
final class Comparison {
  private static final long BOTH_WAYS =
      LegKind.TRANSPORT_REQUEST.bit() | LegKind.TRANSPORT_RESPONSE.bit();

  /** Standard errors that no chance reaches. */
  private static final double SIGMAS = 3;

  private final double fromRank;
  private final double toRank;
  private final PathWindow requests;
  private final Baseline past;
  private final Composition current;
  private final Composition baseline;
  private final boolean known;
  private final Map<Slot, Double> excess = new HashMap<>();

  Comparison(PathWindow current, Baseline baseline, Part part) {
    this(current, baseline, part.fromRank, part.toRank);
  }

  Comparison(PathWindow current, Baseline baseline, double fromRank, double toRank) {
    this.fromRank = fromRank;
    this.toRank = toRank;
    this.requests = current;
    this.past = baseline;
    this.current = current.compose(fromRank, toRank);
    this.baseline = baseline.merged().compose(fromRank, toRank);
    this.known = baseline.isKnown();
    Set<Slot> slots = new HashSet<>(this.current.means().keySet());
    slots.addAll(this.baseline.means().keySet());
    for (Slot slot : slots) {
      excess.put(slot, this.current.mean(slot) - this.baseline.mean(slot));
    }
  }

  /** How many are compared, of all ranks. */
  long requests() {
    return requests.count();
  }

  Composition current() {
    return current;
  }

  Composition baseline() {
    return baseline;
  }

  boolean hasBaseline() {
    return known;
  }

  /** Share (0..1) of the requests in this part. */
  double affected() {
    return 1 - fromRank;
  }

  double excessNanos() {
    return current.meanTotalNanos() - baseline.meanTotalNanos();
  }

  /**
   * What the mean of this part may grow by chance, ns, where its requests are as the baseline's: of
   * two samples of one population, each strays.
   */
  double chanceNanos() {
    PathWindow usual = past.merged();
    double now = usual.standardError(fromRank, toRank, requests.count());
    double before = usual.standardError(fromRank, toRank, usual.count());
    return SIGMAS * Math.hypot(now, before);
  }

  /**
   * The mean request without the time in which an app had more to say and was free to: a stream is
   * as long as its app makes it, and only a baseline can say that it takes longer than usual.
   */
  double waitedNanos() {
    double nanos = 0;
    for (Map.Entry<Slot, Double> leg : current.means().entrySet()) {
      boolean waited = leg.getKey().evidence() == null && !isSaying(leg.getKey().kinds());
      nanos += waited ? leg.getValue() : 0;
    }
    return nanos;
  }

  private static boolean isSaying(long kinds) {
    return kinds == LegKind.BODY_SENDER_SERVER.bit() || kinds == LegKind.BODY_SENDER_CLIENT.bit();
  }

  /** How much a leg or an evidence grew, a request. */
  double excess(Slot slot) {
    return excess.getOrDefault(slot, 0.0);
  }

  /** How much a leg's median of all requests grew: in more than half of them, and not in a few. */
  double medianExcess(Slot leg) {
    return requests.quantile(leg, 0.5) - past.quantile(leg, 0.5);
  }

  Map<Slot, Double> excess() {
    return excess;
  }

  /** Legs of the mean request, largest first. */
  List<LegShare> legs() {
    return current.means().entrySet().stream()
        .filter(e -> e.getKey().evidence() == null)
        .map(e -> share(e.getKey(), e.getValue()))
        .sorted(Comparator.comparingDouble(LegShare::nanos).reversed())
        .toList();
  }

  /** Share (0..1) of the mean request in legs that one party owns. */
  double coverage() {
    double total = 0;
    double owned = 0;
    for (LegShare leg : legs()) {
      total += leg.nanos();
      owned += leg.party() == io.hoptoll.model.Party.UNDETERMINED ? 0 : leg.nanos();
    }
    return total == 0 ? 0 : owned / total;
  }

  /** Share (0..1) of the mean request in transport that is not told apart by its direction. */
  double bothWaysShare() {
    double both = 0;
    for (Map.Entry<Slot, Double> leg : current.means().entrySet()) {
      long kinds = leg.getKey().kinds();
      boolean isTransport =
          leg.getKey().evidence() == null && Leg.party(kinds) == io.hoptoll.model.Party.TRANSPORT;
      both += isTransport && (kinds & BOTH_WAYS) == BOTH_WAYS ? leg.getValue() : 0;
    }
    return current.meanTotalNanos() == 0 ? 0 : both / current.meanTotalNanos();
  }

  private LegShare share(Slot slot, double nanos) {
    return new LegShare(
        slot.edge(),
        Leg.name(slot.kinds()),
        Leg.party(slot.kinds()),
        nanos,
        requests.quantile(slot, 0.5),
        requests.quantile(slot, 0.9),
        requests.quantile(slot, 0.99),
        current.meanTotalNanos() == 0 ? 0 : nanos / current.meanTotalNanos(),
        excess(slot));
  }
}
