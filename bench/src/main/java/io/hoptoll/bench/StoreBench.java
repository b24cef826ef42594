package io.hoptoll.bench;

import com.datadoghq.sketch.ddsketch.DDSketch;
import com.datadoghq.sketch.ddsketch.mapping.BitwiseLinearlyInterpolatedMapping;
import com.datadoghq.sketch.ddsketch.store.PaginatedStore;
import com.datadoghq.sketch.ddsketch.store.SparseStore;
import com.datadoghq.sketch.ddsketch.store.UnboundedSizeDenseStore;
import io.hoptoll.correlator.Against;
import io.hoptoll.correlator.Archive.Tier;
import io.hoptoll.correlator.Correlator;
import io.hoptoll.correlator.Sensitivity;
import io.hoptoll.correlator.SyntheticDay;
import io.hoptoll.model.Nanos;
import io.hoptoll.store.RequestStore.Kept;
import io.hoptoll.store.Store;
import io.hoptoll.store.StoreConfig;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.openjdk.jol.info.GraphLayout;
import picocli.CommandLine.Command;

/**
 * A day of windows with 500 active edges in a store on this disk: bytes a window, time to open, and
 * how long a diagnosis takes.
 */
@Command(name = "store", description = "Diagnoses over a day of 500 edges, bytes a window.")
final class StoreBench implements Callable<Integer> {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final long DAY = 86_400;
  private static final long KEPT_FINEST = 7_200;
  private static final int WARM_UP = 1_000;
  private static final int QUESTIONS = 500;
  private static final double ERROR = 0.01;
  private static final int EXEMPLARS = 138_240;
  private static final int BATCH = 16;
  private static final int ROW_BYTES = 600;
  private static final int BODY_BYTES = 3_000;

  /** As many as a search reads. */
  private static final int ROWS = 50_000;

  /** Requests a path in a window of each tier: two a second, then what fills the same buckets. */
  private static final int[] REQUESTS = {20, 50, 200};

  private final PrintStream out = System.out;

  @Override
  public Integer call() throws Exception {
    System.setProperty("jol.magicFieldOffset", "true"); // else JOL cannot measure records
    sketches();
    Path dir = Files.createTempDirectory("hoptoll-bench-store-");
    try {
      List<Tier> tiers = StoreConfig.tiers(KEPT_FINEST, 2 * DAY, 30 * DAY);
      StoreConfig config = new StoreConfig(dir, tiers, 8L << 30, 1L << 30);
      long now = java.time.Instant.now().getEpochSecond() / 600 * 600;
      fill(config, now);
      ask(config, now);
      return 0;
    } finally {
      remove(dir);
    }
  }

  private void fill(StoreConfig config, long now) throws Exception {
    out.printf("%n| tier | windows | bytes a window | bytes a path | in files a window |%n");
    out.printf("| ---: | ---: | ---: | ---: | ---: |%n");
    try (Store store = Store.open(config)) {
      SyntheticDay day = new SyntheticDay(store);
      for (int i = 0; i < config.tiers().size(); i++) {
        Tier tier = config.tiers().get(i);
        long span = Math.min(DAY, tier.keptSeconds());
        long before = written(store);
        var filled = day.fill(tier, now - span, now, REQUESTS[i], () -> drain(store));
        drain(store);
        out.printf(
            "| %d s | %d | %,d | %,d | %,d |%n",
            tier.seconds(),
            filled.windows(),
            filled.bytesPerWindow(),
            filled.pathBytes(),
            (written(store) - before) / filled.windows());
      }
      requests(store, now);
      for (int requests : new int[] {1, 5}) {
        long heap = GraphLayout.parseInstance(day.inMemory(requests)).totalSize();
        out.printf(
            "on the heap, a window of %d paths with %d requests each: %,d bytes%n",
            SyntheticDay.PATHS, requests, heap);
      }
    }
  }

  /** What the budget of 512 MiB holds, of random bytes: a body of four hops has 3 kB, deflated. */
  private void requests(Store store, long now) {
    Random random = new Random(1);
    for (int i = 0; i < EXEMPLARS; i += BATCH) {
      List<Kept> batch = new ArrayList<>();
      for (int n = i; n < i + BATCH; n++) {
        byte[] row = new byte[ROW_BYTES];
        byte[] body = new byte[BODY_BYTES];
        random.nextBytes(row);
        random.nextBytes(body);
        batch.add(new Kept(now - DAY + n * DAY / EXEMPLARS, n, "id" + n, row, body));
      }
      store.requests().write(batch);
      drain(store);
    }
    store.flush();
    out.printf("%,d single requests, %,d MiB%n", EXEMPLARS, store.requests().bytes() >> 20);
  }

  private void look(Store store, long now) {
    Histogram nanos = new Histogram(3);
    Random random = new Random(2);
    for (int i = 0; i < QUESTIONS; i++) {
      String id = "id" + random.nextInt(EXEMPLARS);
      long begin = System.nanoTime();
      if (store.requests().bodies(id, 10).size() != 1) {
        throw new IllegalStateException(id + " is not found");
      }
      nanos.recordValue(System.nanoTime() - begin);
    }
    long begin = System.nanoTime();
    store.requests().rows(0, now, ROWS, row -> true);
    out.printf(
        "a request by its id: p99 %.1f ms; the rows of a search, %,d: %d ms%n",
        nanos.getValueAtPercentile(99) / 1e6, ROWS, (System.nanoTime() - begin) / Nanos.PER_MILLI);
  }

  /** Bytes of the files, with what is not in one yet. */
  private static long written(Store store) {
    store.flush();
    return store.bytes();
  }

  private static void drain(Store store) {
    while (store.waiting() > 0) {
      Thread.onSpinWait();
    }
  }

  private void ask(StoreConfig config, long now) throws Exception {
    long begin = System.nanoTime();
    try (Store store = Store.open(config)) {
      long opened = System.nanoTime() - begin;
      out.printf(
          "%nopened in %d ms, %,d MiB%n",
          opened / Nanos.PER_MILLI, store.bytes() + store.requests().bytes() >> 20);
      look(store, now);
      Correlator correlator = new Correlator(Sensitivity.DEFAULT);
      correlator.archive(store);
      begin = System.nanoTime();
      correlator.tick(0, now * Nanos.PER_SECOND);
      out.printf("memory restored in %d ms%n", (System.nanoTime() - begin) / Nanos.PER_MILLI);
      out.printf("%n| diagnosis | p50 ms | p99 ms | max ms | CPU: p50 ms | p99 ms |%n");
      out.printf("| --- | ---: | ---: | ---: | ---: | ---: |%n");
      time("last 60 s, against the best of 10 min", correlator, 60, now, past(now, 60, 600));
      time("last 60 s, against the best of 24 h", correlator, 60, now, past(now, 60, DAY - 60));
      time("last 24 h", correlator, DAY, now, past(now, DAY, 600));
      time(
          "an hour, 12 h ago, against the hour before",
          correlator,
          3_600,
          now - DAY / 2,
          Against.range(now - DAY / 2 - 7_200, now - DAY / 2 - 3_600));
    }
  }

  private static Against past(long to, long seconds, long length) {
    return Against.past(to - seconds - length, to - seconds);
  }

  private void time(String name, Correlator correlator, long seconds, long to, Against against) {
    Histogram nanos = new Histogram(3);
    Histogram cpu =
        new Histogram(3); // of this thread: what others on the machine take is not in it
    Random random = new Random(1);
    for (int i = 0; i < WARM_UP + QUESTIONS; i++) {
      String path = SyntheticDay.path(random.nextInt(SyntheticDay.PATHS));
      long cpuBegin = THREADS.getCurrentThreadCpuTime();
      long begin = System.nanoTime();
      var verdict = correlator.diagnose(path, to - seconds, to, against, -1);
      long took = System.nanoTime() - begin;
      long ran = THREADS.getCurrentThreadCpuTime() - cpuBegin;
      if (verdict.requests() == 0 || verdict.totals().baselineRequests() == 0 && seconds < DAY) {
        throw new IllegalStateException("nothing found for " + name + ": " + verdict.headline());
      }
      if (i >= WARM_UP) {
        nanos.recordValue(took);
        cpu.recordValue(ran);
      }
    }
    out.printf(
        "| %s | %.1f | %.1f | %.1f | %.1f | %.1f |%n",
        name,
        nanos.getValueAtPercentile(50) / 1e6,
        nanos.getValueAtPercentile(99) / 1e6,
        nanos.getMaxValue() / 1e6,
        cpu.getValueAtPercentile(50) / 1e6,
        cpu.getValueAtPercentile(99) / 1e6);
  }

  private void sketches() {
    out.printf("Bytes on the heap of a sketch with 1 %% error.%n%n");
    out.printf("| durations | ours | DDSketch, dense | paginated | sparse |%n");
    out.printf("| ---: | ---: | ---: | ---: | ---: |%n");
    for (int n = 1; n <= 10_000; n *= 10) {
      Random random = new Random(1);
      long[] durations = new long[n];
      var mapping = new BitwiseLinearlyInterpolatedMapping(ERROR);
      DDSketch dense = new DDSketch(mapping, UnboundedSizeDenseStore::new);
      DDSketch paginated = new DDSketch(mapping, PaginatedStore::new);
      DDSketch sparse = new DDSketch(mapping, SparseStore::new);
      for (int i = 0; i < n; i++) {
        durations[i] = (long) (5e6 * Math.exp(0.6 * random.nextGaussian()));
        dense.accept(durations[i]);
        paginated.accept(durations[i]);
        sparse.accept(durations[i]);
      }
      out.printf(
          "| %,d | %,d | %,d | %,d | %,d |%n",
          n,
          GraphLayout.parseInstance(SyntheticDay.sketch(durations)).totalSize(),
          GraphLayout.parseInstance(dense).totalSize(),
          GraphLayout.parseInstance(paginated).totalSize(),
          GraphLayout.parseInstance(sparse).totalSize());
    }
  }

  private static void remove(Path dir) throws java.io.IOException {
    try (Stream<Path> all = Files.walk(dir)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
