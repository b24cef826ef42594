package io.hoptoll.correlator;

import java.util.Arrays;

/**
 * Durations by logarithmic bucket, 64 an octave: any quantile within {@link #ERROR}, mergeable
 * without further loss, 8 bytes a bucket that is not empty. This is DDSketch (Masson, Rim and Lee,
 * VLDB 2019) with its bit-wise mapping and a sparse store: docs/adr/0010 says why not theirs.
 */
public final class Sketch {
  /** Half a bucket's width by its lower bound. */
  static final double ERROR = 1.0 / 128;

  private static final int SUB_BITS = 6;
  static final int BUCKETS = 64 << SUB_BITS;
  private static final int COUNT_BITS = 48;
  private static final long COUNT_MASK = (1L << COUNT_BITS) - 1;
  private static final long[] NONE = {};

  /** Sorted; bucket index in the upper 16 bits, count in the lower 48. */
  private long[] cells = NONE;

  private int size;
  private long count;
  private long sumNanos;

  /** The bucket of a duration where each octave has 2^bits of them. */
  static int index(long nanos, int bits) {
    long v = Math.max(1, nanos);
    int octave = 63 - Long.numberOfLeadingZeros(v);
    int shift = Math.max(0, octave - bits);
    return (octave << bits) | (int) ((v >>> shift) & ((1 << bits) - 1));
  }

  public Sketch() {}

  /** One to {@link #append} to. */
  Sketch(int size, long sumNanos) {
    this.cells = size == 0 ? NONE : new long[size];
    this.sumNanos = sumNanos;
  }

  /**
   * @param bucket after the last one
   */
  void append(int bucket, long n) {
    insert(size, (long) bucket << COUNT_BITS | n);
    count += n;
  }

  public void add(long nanos) {
    add(index(nanos, SUB_BITS), 1);
    sumNanos += nanos;
  }

  /** Merges in place: where there is room for both, nothing is allocated. */
  public void add(Sketch other) {
    int both = size + other.size;
    if (both > cells.length) {
      cells = Arrays.copyOf(cells, both);
    }
    int a = size - 1;
    int b = other.size - 1;
    int to = both;
    while (b >= 0) { // from the end: what is not moved yet stays readable
      int own = a >= 0 ? bucket(cells[a]) : -1;
      int its = bucket(other.cells[b]);
      long more = own <= its ? other.cells[b--] : 0;
      long cell = own >= its ? cells[a--] : (long) its << COUNT_BITS;
      cells[--to] = cell + (more & COUNT_MASK);
    }
    System.arraycopy(cells, to, cells, a + 1, both - to);
    size = a + 1 + both - to;
    count += other.count;
    sumNanos += other.sumNanos;
  }

  private void add(int bucket, long n) {
    long key = (long) bucket << COUNT_BITS;
    // A cell of this bucket, whatever its count, is at or after its key.
    int at = firstFrom(key);
    if (at < size && bucket(cells[at]) == bucket) {
      cells[at] += n;
    } else {
      insert(at, key | n);
    }
    count += n;
  }

  /**
   * The first cell that is not below the key. Halves without a branch that depends on what is
   * found: durations are random, so every second one would be mispredicted.
   */
  private int firstFrom(long key) {
    int from = 0;
    for (int length = size; length > 0; ) {
      int half = length >>> 1;
      from = cells[from + half] < key ? from + length - half : from;
      length = half;
    }
    return from;
  }

  private void insert(int at, long cell) {
    if (size == cells.length) {
      cells = Arrays.copyOf(cells, size + Math.max(2, size / 2));
    }
    System.arraycopy(cells, at, cells, at + 1, size - at);
    cells[at] = cell;
    size++;
  }

  /** Buckets as differences: two to three bytes a cell. */
  void write(Out out) {
    out.number(sumNanos).number(size);
    int last = 0;
    for (int i = 0; i < size; i++) {
      int bucket = bucket(cells[i]);
      out.number(bucket - last).number(cells[i] & COUNT_MASK);
      last = bucket;
    }
  }

  static Sketch read(In in) {
    long sum = in.number();
    Written cells = new Written(in);
    Sketch sketch = new Sketch(cells.size(), sum);
    while (cells.next()) {
      sketch.append(cells.bucket, cells.n);
    }
    return sketch;
  }

  /** The cells of what was written, one after the other: in loops, so that it is no object. */
  static final class Written {
    private final In in;
    private int left;
    private int least;
    int bucket;

    /** How often the bucket is. */
    long n;

    Written(In in) {
      this.in = in;
      this.left = in.count();
    }

    int size() {
      return left;
    }

    /**
     * @throws IllegalArgumentException where buckets do not ascend
     */
    boolean next() {
      if (left == 0) {
        return false;
      }
      int both = in.twoOctets(); // mostly
      long step = both < 0 ? in.number() : both & 0x7F;
      if (step < least || step >= BUCKETS - bucket) {
        throw new IllegalArgumentException("a step of " + step + " after bucket " + bucket);
      }
      left--;
      least = 1;
      bucket += (int) step;
      n = both < 0 ? in.number() & COUNT_MASK : both >>> Byte.SIZE;
      return true;
    }
  }

  /** Takes a bucket and how often it is. */
  interface Cells {
    void cell(int bucket, long n);
  }

  void each(Cells out) {
    for (int i = 0; i < size; i++) {
      out.cell(bucket(cells[i]), cells[i] & COUNT_MASK);
    }
  }

  /** Passes over what was written; its number of cells. */
  static int skip(In in) {
    in.skip(1);
    int size = in.count();
    in.skip(2L * size);
    return size;
  }

  public long count() {
    return count;
  }

  public long sumNanos() {
    return sumNanos;
  }

  /** How many lie in buckets above that of this duration, ns. */
  long countAbove(double nanos) {
    int last = index((long) nanos, SUB_BITS);
    long above = 0;
    for (int i = size - 1; i >= 0 && bucket(cells[i]) > last; i--) {
      above += cells[i] & COUNT_MASK;
    }
    return above;
  }

  /** ns; 0 where nothing was added. */
  public double mean() {
    return count == 0 ? 0 : (double) sumNanos / count;
  }

  /** The duration at a rank (0..1), ns; 0 where nothing was added. */
  public double quantile(double rank) {
    return quantile(rank, count);
  }

  /** The same among so many durations, of which those that were not added are 0. */
  double quantile(double rank, long among) {
    double at = rank * among - (among - count);
    if (size == 0 || at <= 0 && among > count) {
      return 0;
    }
    long seen = 0;
    for (int i = 0; i < size; i++) {
      seen += cells[i] & COUNT_MASK;
      if (seen >= at) {
        return middle(bucket(cells[i]));
      }
    }
    return middle(bucket(cells[size - 1]));
  }

  private static int bucket(long cell) {
    return (int) (cell >>> COUNT_BITS);
  }

  private static double middle(int bucket) {
    int octave = bucket >>> SUB_BITS;
    long sub = bucket & ((1 << SUB_BITS) - 1);
    if (octave <= SUB_BITS) {
      // Nanoseconds below 128 have a bucket each.
      return octave < SUB_BITS ? sub : sub + (1 << SUB_BITS);
    }
    int shift = octave - SUB_BITS;
    return ((1L << SUB_BITS | sub) << shift) + (1L << shift) / 2.0;
  }
}
