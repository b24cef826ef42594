package io.hoptoll.app;

import io.hoptoll.app.config.Config;
import io.hoptoll.app.config.Settings;
import io.hoptoll.correlator.Correlator;
import io.hoptoll.store.Store;
import io.hoptoll.store.StoreConfig;
import io.hoptoll.store.StoreCounters.Count;
import io.hoptoll.store.StoreException;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The store as the server has it: there, switched off, or not to be had, with words. */
final class WindowStore implements AutoCloseable {
  private static final String OFF = "off";
  private static final Logger LOG = LoggerFactory.getLogger(WindowStore.class);

  private final @Nullable Store store;
  private final String failure;

  private WindowStore(@Nullable Store store, String failure) {
    this.store = store;
    this.failure = failure;
  }

  /** Opens it for a correlator that has not ticked yet. */
  static WindowStore open(Config config, Correlator correlator) {
    String directory = config.get(Settings.STORE_DIR);
    if (directory.equals(OFF) || directory.isEmpty()) {
      return new WindowStore(null, "");
    }
    StoreConfig wanted =
        new StoreConfig(
            Path.of(directory),
            StoreConfig.tiers(
                config.get(Settings.STORE_KEEP_10S).toSeconds(),
                config.get(Settings.STORE_KEEP_1M).toSeconds(),
                config.get(Settings.STORE_KEEP_10M).toSeconds()),
            config.get(Settings.STORE_MAX_BYTES),
            config.get(Settings.STORE_REQUEST_BYTES));
    try {
      Store store = Store.open(wanted);
      correlator.archive(store);
      return new WindowStore(store, "");
    } catch (StoreException e) {
      LOG.warn("no store: {}", e.getMessage());
      return new WindowStore(null, e.getMessage() + "; without it: the last 15 minutes only");
    }
  }

  @Nullable Store store() {
    return store;
  }

  /** Why it does not work, and what to do; empty when it does or is switched off. */
  String problem() {
    return store == null ? failure : store.problem();
  }

  JsonObject health() {
    JsonObject json = new JsonObject().put("open", store != null);
    if (store == null) {
      return json;
    }
    JsonObject counts = new JsonObject();
    for (Count c : Count.values()) {
      counts.put(c.name().toLowerCase(Locale.ROOT), store.counters().get(c));
    }
    return json.put("bytes", store.bytes())
        .put("requestBytes", store.requests().bytes())
        .put("waiting", store.waiting())
        .put("counts", counts);
  }

  @Override
  public void close() {
    if (store != null) {
      store.close();
    }
  }
}
