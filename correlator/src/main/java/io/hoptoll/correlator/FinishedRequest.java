package io.hoptoll.correlator;

import io.hoptoll.model.Cause;
import io.hoptoll.model.Leg;
import io.hoptoll.model.Party;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** A request with all its hops, and what of its total each party owns. */
public final class FinishedRequest implements RequestSearch.Row {
  private static final Party[] PARTIES = Party.values();

  private final long sequence;
  private final PathNode root;
  private final String path;

  /** By ordinal: a map is made for who asks for one. */
  private final long[] parties = new long[PARTIES.length];

  /** Of {@link #largest}. */
  private final Edge largestEdge;

  private final long largestKinds;
  private final long largestNanos;

  FinishedRequest(long sequence, PathNode root, String path, Charges charges) {
    this.sequence = sequence;
    this.root = root;
    this.path = path;
    int most = -1;
    for (int i = 0; i < charges.size(); i++) {
      parties[Leg.party(charges.kinds(i)).ordinal()] += charges.nanos(i);
      most = charges.nanos(i) > (most < 0 ? 0 : charges.nanos(most)) ? i : most;
    }
    this.largestEdge = most < 0 ? root.edge() : charges.edge(most);
    this.largestKinds = most < 0 ? 0 : charges.kinds(most);
    this.largestNanos = most < 0 ? 0 : charges.nanos(most);
  }

  @Override
  public long sequence() {
    return sequence;
  }

  public PathNode root() {
    return root;
  }

  /** Its name ({@link Routes}). */
  @Override
  public String path() {
    return path;
  }

  /** The leg that took most of the total. */
  public Charge largest() {
    return new Charge(largestEdge, largestKinds, largestNanos);
  }

  /** Whether the same leg took most of the other's total. */
  public boolean isOfLeg(FinishedRequest other) {
    return largestKinds == other.largestKinds && largestEdge.equals(other.largestEdge);
  }

  /** Nanoseconds on the critical path that a party owns; all parties' sum to the total. */
  public long nanosOf(Party party) {
    return parties[party.ordinal()];
  }

  /** The same of all parties that own any. */
  public Map<Party, Long> parties() {
    Map<Party, Long> all = new EnumMap<>(Party.class);
    for (Party party : PARTIES) {
      if (nanosOf(party) != 0) {
        all.put(party, nanosOf(party));
      }
    }
    return all;
  }

  @Override
  public long totalNanos() {
    return root.hop().ledger().totalNanos();
  }

  @Override
  public long endWallNanos() {
    return root.hop().outer().span().endWallNanos();
  }

  @Override
  public int code() {
    return root.hop().outer().span().outcome().code();
  }

  @Override
  public Edge largestEdge() {
    return largestEdge;
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
    Party largest = PARTIES[0];
    for (Party party : PARTIES) {
      largest = nanosOf(party) > nanosOf(largest) ? party : largest;
    }
    return largest;
  }
}
