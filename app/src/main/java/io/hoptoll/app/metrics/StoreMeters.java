package io.hoptoll.app.metrics;

import io.hoptoll.store.Store;
import io.hoptoll.store.StoreCounters.Count;
import io.micrometer.core.instrument.MeterRegistry;

/** What the store holds, wrote, and failed to write. */
final class StoreMeters {
  private StoreMeters() {}

  static void register(MeterRegistry registry, Store store) {
    Counted counted = new Counted(registry);
    for (Count count : Count.values()) {
      counted.add(
          "hoptoll.store",
          "Windows, requests and bytes written, lost and removed, failures, by event",
          "event",
          LegMeters.label(count),
          () -> store.counters().get(count));
    }
    counted.gauge("hoptoll.store.size.bytes", "Size of the store's files", store::bytes);
    counted.gauge(
        "hoptoll.store.requests.size.bytes",
        "Size of the files of single requests",
        store.requests()::bytes);
    counted.gauge("hoptoll.store.queued", "Windows that wait to be written", store::waiting);
  }
}
