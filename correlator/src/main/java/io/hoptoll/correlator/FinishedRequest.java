package io.hoptoll.correlator;

import io.hoptoll.model.Leg;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.Party;
import io.hoptoll.model.SidecarSpan;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A request with all its hops, and what of its total each party owns.
 *
 * @param sequence grows by one a request
 * @param path the path's name ({@link Routes})
 * @param parties nanoseconds on the critical path, by party; they sum to the total
 */
public record FinishedRequest(long sequence, PathNode root, String path, Map<Party, Long> parties) {
  public FinishedRequest {
    parties = Map.copyOf(parties);
  }

  static FinishedRequest of(long sequence, PathNode root, String path, List<Charge> charges) {
    Map<Party, Long> parties = new EnumMap<>(Party.class);
    charges.forEach(c -> parties.merge(Leg.party(c.kinds()), c.nanos(), Long::sum));
    return new FinishedRequest(sequence, root, path, parties);
  }

  public long totalNanos() {
    return root.hop().ledger().totalNanos();
  }

  /** When it ended, wall clock, ns. */
  public long endWallNanos() {
    SidecarSpan span = root.hop().outer().span();
    long duration = span.times().durationNanos();
    return span.startWallNanos() + (Nanos.isSet(duration) ? duration : 0);
  }

  /** The party that owns most of the total. */
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
