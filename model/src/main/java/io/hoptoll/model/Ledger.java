package io.hoptoll.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The legs of a hop, in order. They add up to the total, to the nanosecond: checked here, so that a
 * ledger that does not balance cannot exist, neither written nor read.
 *
 * <p>Every hop under way has one, so it is kept in arrays, a third of the size of its legs and
 * marks as objects; these are made for who asks.
 */
public final class Ledger {
  /** Where a mark's time comes from. */
  public enum Source {
    KERNEL,
    ALS
  }

  /**
   * @param nanos from the ledger's start
   */
  public record MarkTime(Mark mark, long nanos, Source source) {}

  /** Takes one leg: its kinds ({@link Leg#kinds()}) and its length. */
  public interface LegConsumer {
    void leg(long kinds, long nanos);
  }

  /** Takes a hop's legs and marks in order, then makes a ledger of them; used again. */
  public static final class Draft {
    private long[] legs = new long[64];
    private int size;
    private final long[] marks = new long[MARKS.length];
    private int used;
    private int present;
    private int kernel;
    private long at;

    public void begin() {
      size = 0;
      used = 0;
      present = 0;
      kernel = 0;
      at = 0;
    }

    /** The leg that begins where the last one ended; one without length is left out. */
    public void leg(long kinds, long nanos) {
      if (nanos == 0) {
        return;
      }
      if (nanos < 0 || kinds == 0) {
        throw new IllegalArgumentException("leg " + Leg.name(kinds) + " of " + nanos + " ns");
      }
      if (size == legs.length) {
        legs = Arrays.copyOf(legs, 2 * size);
      }
      legs[size] = kinds;
      legs[size + 1] = nanos;
      size += 2;
      at += nanos;
    }

    /** The next mark used. */
    public void mark(Mark mark, long nanos, Source source) {
      marks[used++] = nanos;
      present |= bit(mark);
      kernel |= source == Source.KERNEL ? bit(mark) : 0;
    }

    /** As {@link Ledger}'s constructor, which likewise refuses what does not balance. */
    public Ledger balanced(
        String node,
        long startNanos,
        long totalNanos,
        String totalName,
        List<Mark> mergedMarks,
        @Nullable ClockOffset clocks) {
      if (at != totalNanos) {
        throw new IllegalArgumentException("legs sum to " + at + " ns, total is " + totalNanos);
      }
      return new Ledger(node, startNanos, totalNanos, totalName, this, mergedMarks, clocks);
    }
  }

  private static final Mark[] MARKS = Mark.values();

  private final String node;
  private final long startNanos;
  private final long totalNanos;
  private final String totalName;

  /** By turns kinds and nanoseconds. */
  private final long[] legs;

  /** From the start, of each mark in {@link #present}, in order. */
  private final long[] markNanos;

  /** Bit sets of {@link Mark#ordinal()}. */
  private final int present;

  private final int kernel;
  private final int merged;

  /** Of two nodes; null where all marks are of one. */
  private final @Nullable ClockOffset clocks;

  /**
   * @param node whose clock {@code startNanos} is on
   * @param startNanos the first mark
   * @param totalNanos first mark to last mark
   * @param totalName what the total runs from and to
   * @param marks the marks used, each with its source, in order
   * @param mergedMarks marks left out because they contradicted their neighbours
   */
  public Ledger(
      String node,
      long startNanos,
      long totalNanos,
      String totalName,
      List<Leg> legs,
      List<MarkTime> marks,
      List<Mark> mergedMarks) {
    this.clocks = null;
    this.node = node;
    this.startNanos = startNanos;
    this.totalNanos = totalNanos;
    this.totalName = totalName;
    this.legs = balanced(legs, totalNanos);
    this.markNanos = new long[marks.size()];
    int used = 0;
    int ofKernel = 0;
    for (int i = 0; i < markNanos.length; i++) {
      MarkTime time = marks.get(i);
      markNanos[i] = time.nanos();
      used |= bit(time.mark());
      ofKernel |= time.source() == Source.KERNEL ? bit(time.mark()) : 0;
    }
    this.kernel = ofKernel;
    this.present = used;
    this.merged = bits(mergedMarks);
  }

  private Ledger(
      String node,
      long startNanos,
      long totalNanos,
      String totalName,
      Draft draft,
      List<Mark> mergedMarks,
      @Nullable ClockOffset clocks) {
    this.clocks = clocks;
    this.node = node;
    this.startNanos = startNanos;
    this.totalNanos = totalNanos;
    this.totalName = totalName;
    this.legs = Arrays.copyOf(draft.legs, draft.size);
    this.markNanos = Arrays.copyOf(draft.marks, draft.used);
    this.present = draft.present;
    this.kernel = draft.kernel;
    this.merged = bits(mergedMarks);
  }

  private static int bits(List<Mark> marks) {
    int bits = 0;
    for (Mark mark : marks) {
      bits |= bit(mark);
    }
    return bits;
  }

  private static long[] balanced(List<Leg> legs, long totalNanos) {
    long[] pairs = new long[2 * legs.size()];
    long at = 0;
    for (int i = 0; i < legs.size(); i++) {
      Leg leg = legs.get(i);
      if (leg.startNanos() != at) {
        throw new IllegalArgumentException(
            leg.name() + " starts at " + leg.startNanos() + ", not " + at);
      }
      pairs[2 * i] = leg.kinds();
      pairs[2 * i + 1] = leg.nanos();
      at += leg.nanos();
    }
    if (at != totalNanos) {
      throw new IllegalArgumentException("legs sum to " + at + " ns, total is " + totalNanos);
    }
    return pairs;
  }

  public String node() {
    return node;
  }

  /** The first mark, on the clock of {@link #node}. */
  public long startNanos() {
    return startNanos;
  }

  public long totalNanos() {
    return totalNanos;
  }

  /** What the total runs from and to. */
  public String totalName() {
    return totalName;
  }

  public List<Leg> legs() {
    List<Leg> all = new ArrayList<>(legs.length / 2);
    long at = 0;
    for (int i = 0; i < legs.length; i += 2) {
      all.add(new Leg(legs[i], at, legs[i + 1]));
      at += legs[i + 1];
    }
    return all;
  }

  /** How many legs there are; the next two ask for one of them. */
  public int legCount() {
    return legs.length / 2;
  }

  public long legKinds(int leg) {
    return legs[2 * leg];
  }

  public long legNanos(int leg) {
    return legs[2 * leg + 1];
  }

  /** The same without objects. */
  public void eachLeg(LegConsumer out) {
    for (int i = 0; i < legs.length; i += 2) {
      out.leg(legs[i], legs[i + 1]);
    }
  }

  /** The marks used, in order. */
  public List<MarkTime> marks() {
    List<MarkTime> all = new ArrayList<>(markNanos.length);
    for (Mark mark : marks(present)) {
      all.add(new MarkTime(mark, markNanos[all.size()], source(mark)));
    }
    return all;
  }

  /** One of the marks used; null: not used. */
  public @Nullable MarkTime mark(Mark mark) {
    if ((present & bit(mark)) == 0) {
      return null;
    }
    int before = Integer.bitCount(present & bit(mark) - 1);
    return new MarkTime(mark, markNanos[before], source(mark));
  }

  /** Marks left out because they contradicted their neighbours. */
  public List<Mark> mergedMarks() {
    return merged == 0 ? List.of() : marks(merged);
  }

  /** How far the two nodes' clocks are known; null where all marks are of one node. */
  public @Nullable ClockOffset clocks() {
    return clocks;
  }

  /** Nanoseconds of all legs that are exactly this kind. */
  public long nanosOf(LegKind kind) {
    long sum = 0;
    for (int i = 0; i < legs.length; i += 2) {
      sum += legs[i] == kind.bit() ? legs[i + 1] : 0;
    }
    return sum;
  }

  /** Share (0..1) of the total in legs that one party owns. */
  public double resolvedShare() {
    long resolved = 0;
    for (int i = 0; i < legs.length; i += 2) {
      resolved += Leg.party(legs[i]) == Party.UNDETERMINED ? 0 : legs[i + 1];
    }
    return totalNanos == 0 ? 1 : (double) resolved / totalNanos;
  }

  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof Ledger l
        && node.equals(l.node)
        && startNanos == l.startNanos
        && totalName.equals(l.totalName)
        && Arrays.equals(legs, l.legs)
        && Arrays.equals(markNanos, l.markNanos)
        && present == l.present
        && kernel == l.kernel
        && merged == l.merged
        && Objects.equals(clocks, l.clocks);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(legs) * 31 + Long.hashCode(startNanos);
  }

  @Override
  public String toString() {
    return totalName + " " + totalNanos + " ns: " + legs();
  }

  private Source source(Mark mark) {
    return (kernel & bit(mark)) != 0 ? Source.KERNEL : Source.ALS;
  }

  private static int bit(Mark mark) {
    return 1 << mark.ordinal();
  }

  private static List<Mark> marks(int bits) {
    List<Mark> marks = new ArrayList<>(Integer.bitCount(bits));
    for (int rest = bits; rest != 0; rest &= rest - 1) {
      marks.add(MARKS[Integer.numberOfTrailingZeros(rest)]);
    }
    return marks;
  }
}
