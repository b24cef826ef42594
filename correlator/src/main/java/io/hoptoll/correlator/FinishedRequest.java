package io.hoptoll.correlator;

import io.hoptoll.model.Cause;
import io.hoptoll.model.Leg;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.Party;
import io.hoptoll.model.SidecarSpan;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A request with all its hops, and what of its total each party owns.
 *
 * @param sequence grows by one a request
 * @param path the path's name ({@link Routes})
 * @param parties nanoseconds on the critical path, by party; they sum to the total
 * @param largest the leg that took most of it
 */
public record FinishedRequest(
    long sequence, PathNode root, String path, Map<Party, Long> parties, Charge largest)
    implements RequestSearch.Row {
  public FinishedRequest {
    parties = Map.copyOf(parties);
  }

  static FinishedRequest of(long sequence, PathNode root, String path, List<Charge> charges) {
    Map<Party, Long> parties = new EnumMap<>(Party.class);
    Charge largest = new Charge(root.edge(), 0, 0);
    for (Charge c : charges) {
      parties.merge(Leg.party(c.kinds()), c.nanos(), Long::sum);
      largest = c.nanos() > largest.nanos() ? c : largest;
    }
    return new FinishedRequest(sequence, root, path, parties, largest);
  }

  @Override
  public long totalNanos() {
    return root.hop().ledger().totalNanos();
  }

  @Override
  public long endWallNanos() {
    SidecarSpan span = root.hop().outer().span();
    long duration = span.times().durationNanos();
    return span.startWallNanos() + (Nanos.isSet(duration) ? duration : 0);
  }

  @Override
  public int code() {
    return root.hop().outer().span().outcome().code();
  }

  @Override
  public Edge largestEdge() {
    return largest.edge();
  }

  /** Of its hops, those too that a retry made good. */
  @Override
  public Set<Cause> failures() {
    Set<Cause> causes = EnumSet.noneOf(Cause.class);
    Failures.of(root, failure -> causes.add(failure.cause()));
    return causes;
  }

  @Override
  public Party largestParty() {
    Party largest = Party.UNDETERMINED;
    long most = -1;
    for (Party party : Party.values()) {
      long nanos = parties.getOrDefault(party, 0L);
      if (nanos > most) {
        largest = party;
        most = nanos;
      }
    }
    return largest;
  }
}
