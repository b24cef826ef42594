package io.hoptoll.correlator;

/**
 * Adds up many sketches, one cell of memory for each bucket there can be (32 kB): used again for
 * the next sum. Merging sorted lists costs four times of that, as every second step goes another
 * way than the processor guessed.
 */
final class SketchSum {
  private final long[] counts = new long[Sketch.BUCKETS];
  private int first = Sketch.BUCKETS;
  private int last = -1;
  private long sumNanos;
  private int added;

  void add(Sketch sketch) {
    sketch.each(this::add);
    sumNanos += sketch.sumNanos();
    added++;
  }

  /** One as {@link Sketch#write} wrote it, of whose length {@link Sketch#skip} has made sure. */
  void add(In in) {
    sumNanos += in.number();
    Sketch.Written cells = new Sketch.Written(in);
    while (cells.next()) {
      add(cells.bucket, cells.n);
    }
    added++;
  }

  private void add(int bucket, long n) {
    counts[bucket] += n;
    first = Math.min(first, bucket);
    last = Math.max(last, bucket);
  }

  boolean isEmpty() {
    return added == 0;
  }

  /** The sum, which begins anew. */
  Sketch take() {
    int size = 0;
    for (int i = first; i <= last; i++) {
      size += counts[i] == 0 ? 0 : 1;
    }
    Sketch sum = new Sketch(size, sumNanos);
    for (int i = first; i <= last; i++) {
      if (counts[i] != 0) {
        sum.append(i, counts[i]);
        counts[i] = 0;
      }
    }
    first = Sketch.BUCKETS;
    last = -1;
    sumNanos = 0;
    added = 0;
    return sum;
  }
}
