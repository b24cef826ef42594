package io.hoptoll.correlator;

import io.hoptoll.model.Ledger.LegConsumer;
import java.util.Arrays;

/** Nanoseconds by a leg's kinds: of some twenty, a look along them costs less than a hash. */
final class LegSums {
  private long[] kinds = new long[8];
  private long[] sums = new long[8];
  private int size;

  void add(long ofKinds, long nanos) {
    int at = 0;
    while (at < size && kinds[at] != ofKinds) {
      at++;
    }
    if (at == kinds.length) {
      kinds = Arrays.copyOf(kinds, 2 * at);
      sums = Arrays.copyOf(sums, 2 * at);
    }
    size = Math.max(size, at + 1);
    kinds[at] = ofKinds;
    sums[at] += nanos;
  }

  int size() {
    return size;
  }

  void each(LegConsumer out) {
    for (int i = 0; i < size; i++) {
      out.leg(kinds[i], sums[i]);
    }
  }
}
