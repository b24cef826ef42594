package io.hoptoll.app.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Values of a label, or of labels that vary together, up to a limit; first come, first served, and
 * for good: a series that came and went would break rates. The rest shares one value and is
 * counted. One thread.
 */
final class Labels<K, V> {
  /** The value of all that came too late. */
  static final String OTHER = "{other}";

  private final Map<K, V> known = new HashMap<>();
  private final int limit;
  private final Function<K, V> make;
  private final Supplier<V> makeOther;
  private @Nullable V other;
  private final Counter overflow;

  Labels(
      MeterRegistry registry, String label, int limit, Function<K, V> make, Supplier<V> makeOther) {
    this.limit = limit;
    this.make = make;
    this.makeOther = makeOther;
    this.overflow =
        Counter.builder("hoptoll.metrics.overflow")
            .description("Values recorded under {other} because the label had too many values")
            .tag("label", label)
            .register(registry);
  }

  V of(K key) {
    V value = known.get(key);
    if (value != null) {
      return value;
    }
    if (OTHER.equals(key)) {
      return other(); // called so before it came here: one series for both
    }
    if (known.size() >= limit) {
      overflow.increment();
      return other();
    }
    return remember(key);
  }

  /** Made when first needed: no series for an overflow that never was. */
  private V other() {
    V made = other;
    if (made == null) {
      made = makeOther.get();
      other = made;
    }
    return made;
  }

  private V remember(K key) {
    V made = make.apply(key);
    known.put(key, made);
    return made;
  }
}
