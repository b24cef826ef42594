package io.hoptoll.app.alert;

import io.hoptoll.app.config.Config;
import io.hoptoll.app.config.Settings;
import io.hoptoll.app.watch.PathState;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Rounds of judged paths in, calls of the webhook out. */
public final class Alerts implements AutoCloseable {
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

  private final AlertRules rules;
  private final Webhook webhook;
  private final String baseUrl;

  private Alerts(Config config) {
    rules = new AlertRules(config);
    webhook = new Webhook(config.get(Settings.ALERT_WEBHOOK), FIRST_PAUSE);
    String url = config.get(Settings.ALERT_LINK);
    baseUrl =
        url.isEmpty()
            ? "http://" + config.get(Settings.HTTP_HOST) + ":" + config.get(Settings.HTTP_PORT)
            : url.replaceAll("/+$", "");
  }

  /** Null where no webhook is set. */
  public static @Nullable Alerts of(Config config) {
    return config.get(Settings.ALERT_WEBHOOK).isEmpty() ? null : new Alerts(config);
  }

  /** Registers what was sent and what was not. */
  public void count(MeterRegistry registry) {
    count(registry, "sent", webhook.sent);
    count(registry, "failed", webhook.failed);
    count(registry, "dropped", webhook.dropped);
    count(registry, "retried", webhook.retried);
  }

  /** On the watch's thread. */
  public void paths(List<PathState> states) {
    rules.round(states).forEach(alert -> webhook.send(alert.toJson(baseUrl).encode()));
  }

  @Override
  public void close() {
    webhook.close();
  }

  private static void count(MeterRegistry registry, String result, LongAdder count) {
    FunctionCounter.builder("hoptoll.alerts", count, LongAdder::sum)
        .description("Alerts, by what became of them")
        .tag("result", result)
        .register(registry);
  }
}
