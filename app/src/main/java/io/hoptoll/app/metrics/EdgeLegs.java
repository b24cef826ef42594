package io.hoptoll.app.metrics;

import io.hoptoll.model.Ledger;
import java.util.Arrays;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The meters of one edge by its legs' kinds: some twenty, so a look along them is the fastest.
 * Takes a ledger's legs as they are told: an edge needs no object for a hop.
 */
final class EdgeLegs implements Ledger.LegConsumer {
  private final LongFunction<DurationMeter> make;
  private long[] kinds = new long[16];
  private @Nullable DurationMeter[] meters = new DurationMeter[16];
  private int size;

  /**
   * @param make the meter of a leg that this edge has not had yet, by its kinds
   */
  EdgeLegs(LongFunction<DurationMeter> make) {
    this.make = make;
  }

  @Override
  public void leg(long ofKinds, long nanos) {
    of(ofKinds).record(nanos);
  }

  private DurationMeter of(long ofKinds) {
    for (int i = 0; i < size; i++) {
      DurationMeter meter = meters[i];
      if (kinds[i] == ofKinds && meter != null) {
        return meter;
      }
    }
    return remember(ofKinds, make.apply(ofKinds));
  }

  private DurationMeter remember(long ofKinds, DurationMeter meter) {
    if (size == kinds.length) {
      kinds = Arrays.copyOf(kinds, 2 * size);
      meters = Arrays.copyOf(meters, 2 * size);
    }
    kinds[size] = ofKinds;
    meters[size++] = meter;
    return meter;
  }
}
