package io.hoptoll.correlator;

import io.hoptoll.model.Exchange;
import io.hoptoll.model.Hop;
import io.hoptoll.model.Ledger;
import io.hoptoll.model.Ledger.MarkTime;
import io.hoptoll.model.Leg;
import io.hoptoll.model.LegKind;
import io.hoptoll.model.Mark;
import io.hoptoll.model.Nanos;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How one hop's ledger came to be.
 *
 * @param marks all of them, in order
 * @param legs the ledger's, each with the marks it lies between
 * @param clocks in words: how far the clocks of the hop's two nodes are known; empty where all
 *     marks are of one node
 * @param missing in words: what was not seen, and what that hides
 */
public record Explanation(
    List<MarkLine> marks, List<LegLine> legs, String clocks, List<String> missing) {

  /** What became of a mark. */
  public enum Use {
    USED,
    /** It contradicted its neighbours: legs around it are one. */
    MERGED,
    MISSING
  }

  /**
   * @param nanos from the ledger's start; {@link Nanos#UNSET} if not used
   * @param source the kernel's tracepoint or the access log's field, empty if missing
   * @param socket its addresses, turn and process, empty where the source is the access log
   */
  public record MarkLine(Mark mark, Use use, long nanos, String source, String socket) {}

  /**
   * @param from the mark that it begins with; null where it is a part cut out of a leg
   * @param rule for a part: what cut it out
   */
  public record LegLine(Leg leg, @Nullable MarkTime from, @Nullable MarkTime to, String rule) {}

  public Explanation {
    marks = List.copyOf(marks);
    legs = List.copyOf(legs);
    missing = List.copyOf(missing);
  }

  public static Explanation of(Hop hop) {
    Ledger ledger = hop.ledger();
    List<MarkLine> marks = new ArrayList<>();
    Set<String> missing = new LinkedHashSet<>();
    for (Mark mark : Mark.values()) {
      MarkLine line = line(mark, hop);
      marks.add(line);
      String absence = line.use() == Use.USED ? null : MarkSources.absence(mark, hop);
      if (absence != null) {
        missing.add(absence);
      }
      if (line.use() == Use.MERGED) {
        missing.add(mark.meaning() + " contradicts its neighbours and is left out");
      }
    }
    List<LegLine> legs = new ArrayList<>();
    for (Leg leg : ledger.legs()) {
      legs.add(line(leg, ledger.marks()));
    }
    String clocks = ClockWords.of(ledger.clocks());
    return new Explanation(marks, legs, clocks, List.copyOf(missing));
  }

  private static MarkLine line(Mark mark, Hop hop) {
    Ledger ledger = hop.ledger();
    for (MarkTime t : ledger.marks()) {
      if (t.mark() == mark) {
        String source = MarkSources.words(mark, t.source());
        return new MarkLine(mark, Use.USED, t.nanos(), source, socket(t, hop));
      }
    }
    Use use = ledger.mergedMarks().contains(mark) ? Use.MERGED : Use.MISSING;
    return new MarkLine(mark, use, Nanos.UNSET, "", "");
  }

  private static String socket(MarkTime t, Hop hop) {
    Exchange e = MarkSources.exchange(t.mark(), hop);
    if (e == null || t.source() == Ledger.Source.ALS) {
      return "";
    }
    return e.tuple() + ", turn " + e.turn() + ", " + e.owner().comm() + "/" + e.owner().tgid();
  }

  private static LegLine line(Leg leg, List<MarkTime> marks) {
    long between = leg.kinds() & ((1L << LegKind.BETWEEN_MARKS) - 1);
    MarkTime from = null;
    MarkTime to = null;
    if (between != 0) {
      int first = Long.numberOfTrailingZeros(between);
      int last = 64 - Long.numberOfLeadingZeros(between);
      from = at(marks, leg.startNanos(), first);
      to = at(marks, leg.startNanos() + leg.nanos(), last);
    }
    String rule = from != null && to != null ? "" : PartRules.of(leg);
    return new LegLine(leg, from, to, rule);
  }

  /** The mark of this ordinal, if the leg begins or ends just there. */
  private static @Nullable MarkTime at(List<MarkTime> marks, long nanos, int ordinal) {
    for (MarkTime t : marks) {
      if (t.mark().ordinal() == ordinal && t.nanos() == nanos) {
        return t;
      }
    }
    return null;
  }
}
