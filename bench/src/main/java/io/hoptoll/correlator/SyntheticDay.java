package io.hoptoll.correlator;

import io.hoptoll.correlator.Archive.Entry;
import io.hoptoll.correlator.Archive.Tier;
import io.hoptoll.model.LegKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A day of windows as a mesh of 500 active edges fills them: 100 paths of five edges with twelve
 * legs and ten kinds of evidence each. Durations are log-normal. Windows repeat after some, as
 * making each anew would take longer than what is measured.
 */
public final class SyntheticDay {
  public static final int PATHS = 100;
  public static final int EDGES_PER_PATH = 5;
  private static final int DIFFERENT = 6;
  private static final LegKind[] LEGS = LegKind.values();
  private static final int LEGS_PER_EDGE = 12;
  private static final int EVIDENCE = 10;

  private final Edge[][] edges = new Edge[PATHS][EDGES_PER_PATH];

  private final Random random = new Random(42);
  private final Archive archive;
  private final WindowCodec codec;
  private long windows;

  /** Counts and bytes before compression. */
  public record Filled(Tier tier, long windows, long bytesPerWindow, long pathBytes) {}

  public SyntheticDay(Archive archive) {
    this.archive = archive;
    this.codec = new WindowCodec(archive, new JoinCounters());
  }

  public static String path(int number) {
    return "/service-" + number + "/{id}";
  }

  /**
   * @param requestsPerPath in each window
   */
  public Filled fill(
      Tier tier, long fromSecond, long toSecond, int requestsPerPath, Runnable written) {
    List<List<Entry>> different = new ArrayList<>();
    for (int i = 0; i < DIFFERENT; i++) {
      different.add(codec.parts(window(requestsPerPath), Map.of()));
    }
    long count = 0;
    for (long at = fromSecond; at + tier.seconds() <= toSecond; at += tier.seconds()) {
      archive.write(tier, at, different.get((int) (count++ % DIFFERENT)));
      written.run();
    }
    windows += count;
    List<Entry> one = different.get(0);
    long bytes = one.stream().mapToLong(e -> e.name().length + e.value().length).sum();
    long paths =
        one.stream()
            .filter(e -> e.name()[0] == WindowCodec.PATH)
            .mapToLong(e -> e.value().length)
            .sum();
    return new Filled(tier, count, bytes, paths / PATHS);
  }

  /** Windows written so far. */
  public long windows() {
    return windows;
  }

  /** One window as it is in memory, of so many requests a path. */
  public Object inMemory(int requestsPerPath) {
    return window(requestsPerPath);
  }

  private Window window(int requestsPerPath) {
    Window window = new Window(0, 1);
    for (int p = 0; p < PATHS; p++) {
      PathWindow path = new PathWindow();
      window.paths.put(path(p), path);
      for (int i = 0; i < requestsPerPath; i++) {
        request(p, path, window);
      }
    }
    return window;
  }

  private void request(int number, PathWindow path, Window window) {
    Map<Slot, Long> legs = new HashMap<>();
    long total = 0;
    for (int e = 0; e < EDGES_PER_PATH; e++) {
      Edge edge = edge(number, e);
      EdgeWindow calls = window.edge(edge, edge);
      long call = 0;
      for (int l = 0; l < LEGS_PER_EDGE; l++) {
        long nanos = (long) (300_000 * Math.exp(0.6 * random.nextGaussian()));
        legs.put(Slot.leg(edge, LEGS[l].bit()), nanos);
        calls.leg(LEGS[l].bit(), nanos);
        call += nanos;
      }
      calls.totals.add(call);
      total += call;
    }
    Bucket bucket = path.request(total, false);
    legs.forEach((slot, nanos) -> path.leg(bucket, path.slots.of(slot), nanos));
    for (int e = 0; e < EDGES_PER_PATH; e++) {
      for (int i = 0; i < EVIDENCE; i++) {
        bucket.add(Slot.evidence(edge(number, e), Evidence.values()[i]), 1 + random.nextInt(4));
      }
    }
  }

  /** One object an edge, as the windows have it. */
  private Edge edge(int path, int number) {
    if (edges[path][number] == null) {
      String service = "service-" + path + "-";
      edges[path][number] = new Edge(service + number + ".shop", service + (number + 1) + ".shop");
    }
    return edges[path][number];
  }

  /** Heap of one sketch of so many durations, for tables beside other sketches. */
  public static Object sketch(long[] durations) {
    Sketch sketch = new Sketch();
    for (long d : durations) {
      sketch.add(d);
    }
    return sketch;
  }
}
