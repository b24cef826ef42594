package io.hoptoll.app.watch;

import io.hoptoll.app.CorrelatorLoop;
import io.hoptoll.app.config.Config;
import io.hoptoll.app.config.Settings;
import io.hoptoll.correlator.Correlator;
import io.hoptoll.correlator.Summary;
import io.hoptoll.correlator.Traffic;
import io.hoptoll.correlator.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The busiest paths, judged every {@code watch.every}; listeners hear each round on its thread. */
public final class PathWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PathWatch.class);

  /** Where a baseline is looked for, as the API does when nobody says. */
  private static final long BASELINE_SECONDS = 600;

  private static final long ANSWER_SECONDS = 10;

  /** A path without requests for so long before is not looked at, though some may hang. */
  private static final long SILENT_SECONDS = 60;

  private final CorrelatorLoop loop;
  private final Config config;
  private final List<Consumer<List<PathState>>> listeners;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread t = new Thread(work, "watch");
            t.setDaemon(true);
            return t;
          });

  public PathWatch(CorrelatorLoop loop, Config config, List<Consumer<List<PathState>>> listeners) {
    this.loop = loop;
    this.config = config;
    this.listeners = List.copyOf(listeners);
  }

  public void start() {
    long every = config.get(Settings.WATCH_EVERY).toMillis();
    thread.scheduleWithFixedDelay(this::round, every, every, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }

  private void round() {
    try {
      long to = Instant.now().getEpochSecond() + 1;
      long from = to - config.get(Settings.WATCH_WINDOW).toSeconds();
      List<PathState> states = new ArrayList<>();
      for (String path : ask(c -> busiest(c, from - SILENT_SECONDS, to))) {
        states.add(ask(c -> state(c, path, from, to)));
      }
      states.removeIf(
          s -> s.verdict().requests() == 0 && s.verdict().status() != Verdict.Status.DEGRADED);
      listeners.forEach(l -> l.accept(states));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException | RuntimeException e) {
      LOG.warn("the busiest paths were not judged this time: {}", String.valueOf(e));
    }
  }

  private <T> T ask(Function<Correlator, T> question)
      throws InterruptedException, ExecutionException, TimeoutException {
    return loop.ask(question).get(ANSWER_SECONDS, TimeUnit.SECONDS);
  }

  private List<String> busiest(Correlator c, long from, long to) {
    Comparator<Map.Entry<String, Summary>> byRequests =
        Comparator.comparingLong(e -> e.getValue().requests());
    return c.traffic().paths(from, to).entrySet().stream()
        .sorted(byRequests.reversed())
        .limit(config.get(Settings.WATCH_PATHS))
        .map(Map.Entry::getKey)
        .toList();
  }

  private static PathState state(Correlator c, String path, long from, long to) {
    Traffic traffic = c.traffic();
    return new PathState(
        c.diagnose(path, from, to, from - BASELINE_SECONDS, -1), traffic.tail(path, from, to));
  }
}
