package io.hoptoll.app.metrics;

import io.hoptoll.model.Ledger;
import io.micrometer.core.instrument.Timer;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The timers of one edge by its legs' kinds: some twenty, so a look along them is the fastest.
 * Takes a ledger's legs as they are told: an edge needs no object for a hop.
 */
final class EdgeTimers implements Ledger.LegConsumer {
  private final LongFunction<Timer> make;
  private long[] kinds = new long[16];
  private @Nullable Timer[] timers = new Timer[16];
  private int size;

  /**
   * @param make the timer of a leg that this edge has not had yet, by its kinds
   */
  EdgeTimers(LongFunction<Timer> make) {
    this.make = make;
  }

  @Override
  public void leg(long ofKinds, long nanos) {
    of(ofKinds).record(nanos, TimeUnit.NANOSECONDS);
  }

  private Timer of(long ofKinds) {
    for (int i = 0; i < size; i++) {
      Timer timer = timers[i];
      if (kinds[i] == ofKinds && timer != null) {
        return timer;
      }
    }
    return remember(ofKinds, make.apply(ofKinds));
  }

  private Timer remember(long ofKinds, Timer timer) {
    if (size == kinds.length) {
      kinds = Arrays.copyOf(kinds, 2 * size);
      timers = Arrays.copyOf(timers, 2 * size);
    }
    kinds[size] = ofKinds;
    timers[size++] = timer;
    return timer;
  }
}
