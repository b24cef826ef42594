package io.hoptoll.app.metrics;

import io.micrometer.core.instrument.Timer;
import java.util.Arrays;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** The timers of one edge by its legs' kinds: some twenty, so a look along them is the fastest. */
final class EdgeTimers {
  private long[] kinds = new long[16];
  private @Nullable Timer[] timers = new Timer[16];
  private int size;

  Timer of(long ofKinds, LongFunction<Timer> make) {
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
