package io.hoptoll.store;

import io.hoptoll.correlator.Archive.Entry;
import io.hoptoll.correlator.Archive.Tier;
import io.hoptoll.store.StoreCounters.Count;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** A process that writes windows until it is killed, and says how far it is. */
public final class Filler {
  static final List<Tier> TIERS = StoreConfig.tiers(7_200, 172_800, 2_592_000);
  static final int PARTS = 50;

  /** 2100-01-01: none of these is too old yet. */
  private static final long EPOCH = 4_102_444_800L;

  private Filler() {}

  /**
   * @param args directory
   */
  public static void main(String[] args) throws Exception {
    Store store = Store.open(new StoreConfig(Path.of(args[0]), TIERS, 1L << 30, 1L << 30));
    for (long i = 0; ; i++) {
      store.requests().write(List.of(request(i)));
      write(store, i);
      while (store.waiting() > 0) {
        Thread.onSpinWait();
      }
      // One may still be on its way: what is counted is written.
      System.out.println(store.counters().get(Count.WINDOWS_WRITTEN));
    }
  }

  /** Three of each id. */
  static RequestStore.Kept request(long number) {
    byte[] row = ("row " + number).getBytes(StandardCharsets.UTF_8);
    byte[] body = ("body " + number).getBytes(StandardCharsets.UTF_8);
    return new RequestStore.Kept(start(number), number, "id" + number / 3, row, body);
  }

  static long start(long number) {
    return EPOCH + 10 * number;
  }

  static void write(Store store, long number) {
    store.write(TIERS.get(0), start(number), parts(number));
  }

  /** Parts that can be told again from the window's number. */
  static List<Entry> parts(long number) {
    Random random = new Random(number);
    Entry[] parts = new Entry[PARTS];
    for (int i = 0; i < PARTS; i++) {
      byte[] value = new byte[400];
      random.nextBytes(value);
      parts[i] = new Entry(new byte[] {'P', (byte) i}, value);
    }
    return List.of(parts);
  }
}
