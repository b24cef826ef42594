package io.hoptoll.correlator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.hoptoll.model.Cause;
import io.hoptoll.model.LegKind;
import io.hoptoll.model.Party;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WindowCodecTest {
  private static final String PATH = "/reviews/{id}/…";
  private final MapArchive archive = new MapArchive();
  private final Random random = new Random(3);

  private static Edge edge(int i) {
    return new Edge("client-" + i + ".default", "ünïcode-" + i + ".default");
  }

  private Window filled() {
    Window window = new Window(1_000, 10);
    PathWindow path = window.paths.computeIfAbsent(PATH, p -> new PathWindow());
    for (int i = 0; i < 500; i++) {
      Map<Slot, Long> legs = new HashMap<>();
      for (LegKind kind : LegKind.values()) {
        long own = kind.bit() | (random.nextInt(9) == 0 ? LegKind.UNEXPLAINED.bit() : 0);
        legs.put(Slot.leg(edge(random.nextInt(5)), own), random.nextLong(1, 1L << 40));
      }
      long total = legs.values().stream().mapToLong(Long::longValue).sum();
      Bucket bucket = path.request(total, i % 7 == 0);
      legs.forEach((slot, nanos) -> path.leg(bucket, path.slots.of(slot), nanos));
      for (Evidence e : Evidence.values()) {
        bucket.add(Slot.evidence(edge(1), e), random.nextLong(-100, 1_000_000));
      }
    }
    path.failed(new Failure(Cause.CLIENT_ABORT, Party.CLIENT_APP, edge(4), "0 DC"), 7);
    EdgeWindow calls = window.edge(edge(1), edge(0));
    for (Evidence e : Evidence.values()) {
      calls.evidence(e, random.nextInt(1_000));
    }
    calls.totals.add(12_345_678);
    calls.leg(LegKind.BODY_NETWORK.bit() | LegKind.UNEXPLAINED.bit(), 99);
    calls.drop("NETFILTER_DROP in nf_hook_slow", 3);
    PodSums pod = new PodSums();
    pod.call(true);
    pod.leg(Party.SERVER_SIDECAR, 1L << 40);
    calls.pod("reviews-5c9f", pod);
    for (int i = 0; i < Limits.PODS_PER_EDGE + 2; i++) {
      calls.pod("ratings-" + i, pod);
    }
    window.ringLost = 1L << 33;
    window.shed = 77;
    window.told = 1_000;
    window.untold = 13;
    return window;
  }

  @Test
  void everyPartComesBackAsItWas() {
    Window window = filled();
    WindowCodec codec = new WindowCodec(archive, new JoinCounters());
    archive.write(MapArchive.TIERS.get(0), 1_000, codec.parts(window, Map.of()));
    assertSame(window, read(codec));
  }

  @Test
  void namesOfEnumsMayBeSortedAnewOrGo() {
    for (Class<? extends Enum<?>> type :
        List.of(LegKind.class, Evidence.class, Cause.class, Party.class)) {
      List<String> names = new ArrayList<>(List.of("GONE"));
      Arrays.stream(type.getEnumConstants()).forEach(e -> names.add(e.name()));
      names.remove(names.size() - 1);
      Collections.shuffle(names, random);
      Out out = new Out().octet(1).number(names.size());
      names.forEach(out::text);
      archive.writeNote(type.getSimpleName(), out.bytes());
    }
    Window window = filled();
    archive.write(
        MapArchive.TIERS.get(0),
        1_000,
        new WindowCodec(archive, new JoinCounters()).parts(window, Map.of()));
    assertSame(window, read(new WindowCodec(archive, new JoinCounters())));
  }

  @Test
  void bytesThatAreNoWindowAreRefusedNotBelieved() {
    WindowCodec codec = new WindowCodec(archive, new JoinCounters());
    byte[] good = codec.parts(filled(), Map.of()).get(0).value();
    byte[] other = good.clone();
    other[0]++;
    assertThrows(IllegalArgumentException.class, () -> codec.pathReader().read(other));
    for (int i = 0; i < 2_000; i++) {
      byte[] bad = Arrays.copyOf(good, 2 + random.nextInt(good.length - 2));
      for (int flips = random.nextInt(4); flips > 0; flips--) {
        bad[1 + random.nextInt(bad.length - 1)] ^= (byte) (1 << random.nextInt(8));
      }
      try {
        PathWindow read = codec.pathReader().read(bad);
        PathWindow.merge(Collections.nCopies(2, read)); // legs are read later
        PathWindow.merge(Collections.nCopies(20, read));
      } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
        continue;
      }
    }
  }

  /** Windows of one question share their slots, whatever order each has them in. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 30})
  void windowsOfAPathAddUpAsTheyDoInMemory(int count) {
    WindowCodec codec = new WindowCodec(archive, new JoinCounters());
    Archive.Tier tier = MapArchive.TIERS.get(0);
    Map<String, PathReader> readers = new HashMap<>();
    List<PathWindow> written = new ArrayList<>();
    List<PathWindow> read = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Window window = filled();
      written.add(java.util.Objects.requireNonNull(window.path(PATH)));
      archive.write(tier, 10L * i, codec.parts(window, Map.of()));
      Window archived = new ArchivedWindow(archive, tier, 10L * i, codec, readers);
      read.add(java.util.Objects.requireNonNull(archived.path(PATH)));
      assertEquals(written.get(i).meanTotal(0.9, 1), read.get(i).meanTotal(0.9, 1), 1e-3);
    }
    assertSame(PathWindow.merge(written), PathWindow.merge(read));
    PathWindow without = PathWindow.mergeWithoutLegs(read);
    assertEquals(PathWindow.merge(written).compose(0, 1), without.compose(0, 1));
    for (int i = 0; i < without.slots.size(); i++) {
      assertNull(without.legOrNull(i));
    }
  }

  @Test
  void aWindowsCountsAreReadOnce() {
    WindowCodec codec = new WindowCodec(archive, new JoinCounters());
    Archive.Tier tier = MapArchive.TIERS.get(0);
    archive.write(tier, 1_000, codec.parts(filled(), Map.of()));
    Window window = new ArchivedWindow(archive, tier, 1_000, codec, new HashMap<>());
    archive.reads = 0;
    for (int i = 0; i < 3; i++) {
      assertEquals(1_013, window.told() + window.untold());
    }
    assertEquals(2, archive.reads);
  }

  private Window read(WindowCodec codec) {
    return new ArchivedWindow(archive, MapArchive.TIERS.get(0), 1_000, codec, new HashMap<>())
        .loaded();
  }

  private static void assertSame(Window a, Window b) {
    assertEquals(a.paths.keySet(), b.paths.keySet());
    assertEquals(a.edges.keySet(), b.edges.keySet());
    assertEquals(a.ringLost, b.ringLost);
    assertEquals(a.shed, b.shed);
    assertEquals(a.told, b.told);
    assertEquals(a.untold, b.untold);
    assertSame(
        java.util.Objects.requireNonNull(a.path(PATH)),
        java.util.Objects.requireNonNull(b.path(PATH)));
    EdgeWindow calls = java.util.Objects.requireNonNull(a.edge(edge(1)));
    EdgeWindow read = java.util.Objects.requireNonNull(b.edge(edge(1)));
    assertEquals(calls.drops, read.drops);
    PodSums pod = java.util.Objects.requireNonNull(read.pods.get("reviews-5c9f"));
    assertEquals(1.0, pod.errorShare());
    assertEquals(3, read.otherPods.calls());
    assertEquals(1L << 40, pod.mean(Party.SERVER_SIDECAR));
    assertEquals(calls.totals.mean(), read.totals.mean());
    assertEquals(sums(calls.legs), sums(read.legs));
    for (Evidence e : Evidence.values()) {
      assertEquals(calls.sum(e), read.sum(e));
    }
  }

  private static void assertSame(PathWindow left, PathWindow right) {
    assertEquals(left.compose(0.5, 0.9), right.compose(0.5, 0.9));
    assertEquals(left.failures(), right.failures());
    assertEquals(left.errors(), right.errors());
    for (double rank : new double[] {0, 0.1, 0.5, 0.99, 1}) {
      assertEquals(left.quantile(rank), right.quantile(rank));
      for (int i = 0; i < left.slots.size(); i++) {
        Slot slot = left.slots.get(i);
        assertEquals(left.quantile(slot, rank), right.quantile(slot, rank), slot::toString);
      }
    }
  }

  private static Map<Long, Long> sums(LegSums legs) {
    Map<Long, Long> sums = new HashMap<>();
    legs.each(sums::put);
    return sums;
  }
}
