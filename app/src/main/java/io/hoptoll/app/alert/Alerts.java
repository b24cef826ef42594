package io.hoptoll.app.alert;

import io.hoptoll.app.config.Config;
import io.hoptoll.app.config.Settings;
import io.hoptoll.app.watch.PathState;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Rounds of judged paths in; what stands, and calls of the webhook, out. */
public final class Alerts implements AutoCloseable {
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

  /** Changes that are remembered; about 1 kB each. */
  private static final int CHANGES = 100;

  private final AlertRules rules;
  private final Config config;
  private final @Nullable Webhook webhook;
  private final String baseUrl;
  private final Map<String, JsonObject> firing = new LinkedHashMap<>();
  private final Deque<JsonObject> changes = new ArrayDeque<>();
  private volatile List<JsonObject> firingNow = List.of();
  private volatile List<JsonObject> changesNow = List.of();

  public Alerts(Config config) {
    this.config = config;
    rules = new AlertRules(config);
    String hook = config.get(Settings.ALERT_WEBHOOK);
    webhook = hook.isEmpty() ? null : new Webhook(hook, FIRST_PAUSE);
    String url = config.get(Settings.ALERT_LINK);
    baseUrl =
        url.isEmpty()
            ? "http://" + config.get(Settings.HTTP_HOST) + ":" + config.get(Settings.HTTP_PORT)
            : url.replaceAll("/+$", "");
  }

  /** Registers what was sent and what was not. */
  public void count(MeterRegistry registry) {
    if (webhook != null) {
      count(registry, "sent", webhook.sent);
      count(registry, "failed", webhook.failed);
      count(registry, "dropped", webhook.dropped);
      count(registry, "retried", webhook.retried);
    }
  }

  /** On the watch's thread. */
  public void paths(List<PathState> states) {
    Set<String> seen = new HashSet<>();
    states.forEach(s -> seen.add(s.verdict().path()));
    // A path that nobody asks for any more ends its alerts without a word.
    firing.values().removeIf(alert -> !seen.contains(alert.getString("path")));
    for (Alert alert : rules.round(states)) {
      JsonObject json = alert.toJson(baseUrl);
      if (webhook != null) {
        webhook.send(json.encode());
      }
      note(json.copy().put("at", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString()));
    }
    firingNow = List.copyOf(firing.values());
    changesNow = List.copyOf(changes);
  }

  private void note(JsonObject json) {
    String key = json.getString("split") + json.getString("path");
    if (json.getString("status").equals("firing")) {
      firing.put(key, json);
    } else {
      firing.remove(key);
    }
    changes.addFirst(json);
    if (changes.size() > CHANGES) {
      changes.removeLast();
    }
  }

  /** What stands, what changed (the latest first), and what makes an alert. Any thread. */
  public JsonObject toJson() {
    JsonObject thresholds = new JsonObject();
    for (Split split : Split.values()) {
      thresholds.put(split.label(), config.get(split.threshold));
    }
    return new JsonObject()
        .put("firing", new JsonArray(firingNow))
        .put("changes", new JsonArray(changesNow))
        .put("thresholds", thresholds)
        .put("minRequests", config.get(Settings.ALERT_MIN_REQUESTS))
        .put("webhook", webhook != null);
  }

  @Override
  public void close() {
    if (webhook != null) {
      webhook.close();
    }
  }

  private static void count(MeterRegistry registry, String result, LongAdder count) {
    FunctionCounter.builder("hoptoll.alerts", count, LongAdder::sum)
        .description("Alerts, by what became of them")
        .tag("result", result)
        .register(registry);
  }
}
