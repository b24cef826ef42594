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
    /** Kinds that ledgers of before have, by their hash: hops of one sort share theirs. */
    private final long[][] known = new long[KINDS_KNOWN][];

    private long[] kinds = new long[32];
    private long[] nanos = new long[32];
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
    public void leg(long ofKinds, long itsNanos) {
      if (itsNanos == 0) {
        return;
      }
      if (itsNanos < 0 || ofKinds == 0) {
        throw new IllegalArgumentException("leg " + Leg.name(ofKinds) + " of " + itsNanos + " ns");
      }
      if (size == kinds.length) {
        kinds = Arrays.copyOf(kinds, 2 * size);
        nanos = Arrays.copyOf(nanos, 2 * size);
      }
      kinds[size] = ofKinds;
      nanos[size++] = itsNanos;
      at += itsNanos;
    }

    /** The next mark used. */
    public void mark(Mark mark, long itsNanos, Source source) {
      marks[used++] = itsNanos;
      present |= bit(mark);
      kernel |= source == Source.KERNEL ? bit(mark) : 0;
    }

    /**
     * Refuses what does not balance.
     *
     * @param node whose clock {@code startNanos} is on
     * @param startNanos the first mark
     * @param totalNanos first mark to last mark
     * @param totalName what the total runs from and to
     * @param mergedMarks marks left out because they contradicted their neighbours
     */
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

    private long[] sharedKinds() {
      int hash = size;
      for (int i = 0; i < size; i++) {
        hash = 31 * hash + Long.hashCode(kinds[i]);
      }
      int place = (hash ^ hash >>> 16) & KINDS_KNOWN - 1;
      long[] shared = known[place];
      if (shared == null || !Arrays.equals(shared, 0, shared.length, kinds, 0, size)) {
        shared = Arrays.copyOf(kinds, size);
        known[place] = shared;
      }
      return shared;
    }

    private boolean isWide() {
      boolean isWide = at > Integer.MAX_VALUE;
      for (int i = 0; i < used; i++) {
        isWide |= marks[i] != (int) marks[i];
      }
      return isWide;
    }

    private long[] wideLegsAndMarks() {
      long[] all = Arrays.copyOf(nanos, size + used);
      System.arraycopy(marks, 0, all, size, used);
      return all;
    }

    private int[] legsAndMarks() {
      int[] all = new int[size + used];
      for (int i = 0; i < size; i++) {
        all[i] = (int) nanos[i];
      }
      for (int i = 0; i < used; i++) {
        all[size + i] = (int) marks[i];
      }
      return all;
    }
  }

  /** Sorts of hops (which marks are there) whose kinds are shared; a power of two. */
  private static final int KINDS_KNOWN = 256;

  private static final Mark[] MARKS = Mark.values();

  private static final int[] ELSEWHERE = {};

  private final String node;
  private final long startNanos;
  private final long totalNanos;
  private final String totalName;

  /** Of each leg; never changed, as other ledgers may have the same array. */
  private final long[] kinds;

  /**
   * Of each leg its length, then of each mark in {@link #present}, in order, from the start. Of a
   * hop of more than two seconds in {@link #wide}, and then empty.
   */
  private final int[] nanos;

  private final long @Nullable [] wide;

  /** Bit sets of {@link Mark#ordinal()}. */
  private final int present;

  private final int kernel;
  private final int merged;

  /** Of two nodes; null where all marks are of one. */
  private final @Nullable ClockOffset clocks;

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
    this.kinds = draft.sharedKinds();
    this.wide = draft.isWide() ? draft.wideLegsAndMarks() : null;
    this.nanos = wide == null ? draft.legsAndMarks() : ELSEWHERE;
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
    List<Leg> all = new ArrayList<>(kinds.length);
    long at = 0;
    for (int i = 0; i < kinds.length; i++) {
      all.add(new Leg(kinds[i], at, legNanos(i)));
      at += legNanos(i);
    }
    return all;
  }

  /** How many legs there are; the next two ask for one of them. */
  public int legCount() {
    return kinds.length;
  }

  public long legKinds(int leg) {
    return kinds[leg];
  }

  public long legNanos(int leg) {
    return wide == null ? nanos[leg] : wide[leg];
  }

  /** The same without objects. */
  public void eachLeg(LegConsumer out) {
    for (int i = 0; i < kinds.length; i++) {
      out.leg(kinds[i], legNanos(i));
    }
  }

  /** The marks used, in order. */
  public List<MarkTime> marks() {
    List<MarkTime> all = new ArrayList<>(Integer.bitCount(present));
    for (Mark mark : marks(present)) {
      all.add(new MarkTime(mark, legNanos(kinds.length + all.size()), source(mark)));
    }
    return all;
  }

  /** One of the marks used; null: not used. */
  public @Nullable MarkTime mark(Mark mark) {
    if ((present & bit(mark)) == 0) {
      return null;
    }
    int before = Integer.bitCount(present & bit(mark) - 1);
    return new MarkTime(mark, legNanos(kinds.length + before), source(mark));
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
    for (int i = 0; i < kinds.length; i++) {
      sum += kinds[i] == kind.bit() ? legNanos(i) : 0;
    }
    return sum;
  }

  /** Share (0..1) of the total in legs that one party owns. */
  public double resolvedShare() {
    long resolved = 0;
    for (int i = 0; i < kinds.length; i++) {
      resolved += Leg.party(kinds[i]) == Party.UNDETERMINED ? 0 : legNanos(i);
    }
    return totalNanos == 0 ? 1 : (double) resolved / totalNanos;
  }

  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof Ledger l
        && node.equals(l.node)
        && startNanos == l.startNanos
        && totalName.equals(l.totalName)
        && Arrays.equals(kinds, l.kinds)
        && Arrays.equals(nanos, l.nanos)
        && Arrays.equals(wide, l.wide)
        && present == l.present
        && kernel == l.kernel
        && merged == l.merged
        && Objects.equals(clocks, l.clocks);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(totalNanos) * 31 + Long.hashCode(startNanos);
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
