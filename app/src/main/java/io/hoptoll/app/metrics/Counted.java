package io.hoptoll.app.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.function.Supplier;

/** Registers numbers that others keep. */
final class Counted {
  private final MeterRegistry registry;

  Counted(MeterRegistry registry) {
    this.registry = registry;
  }

  void add(String name, String help, Supplier<Number> count) {
    add(name, help, Tags.empty(), count);
  }

  void add(String name, String help, String tag, String value, Supplier<Number> count) {
    add(name, help, Tags.of(tag, value), count);
  }

  void gauge(String name, String help, Supplier<Number> value) {
    Gauge.builder(name, value).description(help).register(registry);
  }

  void gauge(String name, String help, String tag, String value, Supplier<Number> now) {
    Gauge.builder(name, now).description(help).tag(tag, value).register(registry);
  }

  /** A meter holds its object weakly, its function firmly: so the registry is the object. */
  private void add(String name, String help, Tags tags, Supplier<Number> count) {
    FunctionCounter.builder(name, registry, unused -> count.get().doubleValue())
        .description(help)
        .tags(tags)
        .register(registry);
  }
}
