package io.hoptoll.model;

import java.util.EnumSet;
import java.util.Set;
import java.util.StringJoiner;

/**
 * The time between two marks, named for all the kinds it contains: one where both neighbouring
 * marks are known, several where marks between them are missing.
 *
 * @param kinds bit set of {@link LegKind#bit()}
 * @param startNanos from the ledger's start
 * @param nanos its length, never negative
 */
public record Leg(long kinds, long startNanos, long nanos) {
  private static final LegKind[] KINDS = LegKind.values();

  public Leg {
    if (nanos < 0 || kinds == 0) {
      throw new IllegalArgumentException("leg " + name(kinds) + " of " + nanos + " ns");
    }
  }

  public static Leg of(LegKind kind, long startNanos, long nanos) {
    return new Leg(kind.bit(), startNanos, nanos);
  }

  public boolean contains(LegKind kind) {
    return (kinds & kind.bit()) != 0;
  }

  public String name() {
    return name(kinds);
  }

  public Party party() {
    return party(kinds);
  }

  /** The one party of all kinds in the set, else {@link Party#UNDETERMINED}. */
  public static Party party(long kinds) {
    Party only = null;
    for (long rest = kinds; rest != 0; rest &= rest - 1) {
      Party party = kind(rest).party();
      if (only != null && only != party) {
        return Party.UNDETERMINED;
      }
      only = party;
    }
    return only == null ? Party.UNDETERMINED : only;
  }

  /** All that a leg of these kinds may belong to. */
  public static Set<Party> parties(long kinds) {
    Set<Party> parties = EnumSet.noneOf(Party.class);
    for (long rest = kinds; rest != 0; rest &= rest - 1) {
      parties.add(kind(rest).party());
    }
    return parties;
  }

  /** Labels of all kinds in the set, joined by {@code +}. */
  public static String name(long kinds) {
    StringJoiner name = new StringJoiner("+");
    for (long rest = kinds; rest != 0; rest &= rest - 1) {
      name.add(kind(rest).label());
    }
    return name.toString();
  }

  private static LegKind kind(long kinds) {
    return KINDS[Long.numberOfTrailingZeros(kinds)];
  }
}
