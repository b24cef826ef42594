package io.hoptoll.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.correlator.Archive.Entry;
import io.hoptoll.correlator.Archive.Tier;
import io.hoptoll.store.StoreCounters.Count;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.ColumnFamilyDescriptor;

class StoreTest {
  private static final Tier FINEST = Filler.TIERS.get(0);
  private static final long LARGE = 1L << 30;

  @TempDir Path dir;

  private StoreConfig config() {
    return new StoreConfig(dir.resolve("store"), Filler.TIERS, LARGE, LARGE);
  }

  @Test
  void whatWasWrittenIsReadAfterARestart() throws Exception {
    try (Store store = Store.open(config())) {
      assertEquals(-1, store.lastStart(FINEST));
      Filler.write(store, 5);
      Filler.write(store, 7);
      store.writeNote("words", new byte[] {1, 2});
    }
    try (Store store = Store.open(config())) {
      assertEquals(Filler.start(7), store.lastStart(FINEST));
      assertEquals(-1, store.lastStart(Filler.TIERS.get(1)));
      assertWindow(store, 5);
      assertTrue(store.scan(FINEST, Filler.start(6), (byte) 'P').isEmpty());
      assertTrue(store.scan(FINEST, Filler.start(5), (byte) 'E').isEmpty());
      assertNull(store.read(FINEST, Filler.start(5), new byte[] {'P', 99}));
      assertArrayEquals(new byte[] {1, 2}, store.note("words"));
      assertNull(store.note("other"));
      assertEquals("", store.problem());
    }
  }

  @Test
  void aKilledProcessLosesNothingThatItHadWritten() throws Exception {
    Process filler =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Filler.class.getName(),
                config().directory().toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    long written = 0;
    try (BufferedReader said = filler.inputReader(StandardCharsets.UTF_8)) {
      while (written < 500) {
        written = Long.parseLong(line(said.readLine()));
      }
    } finally {
      filler.destroyForcibly();
      assertTrue(filler.waitFor(20, TimeUnit.SECONDS));
    }
    assertEquals(128 + 9, filler.exitValue());
    try (Store store = Store.open(config())) {
      for (long i = 0; i < written; i++) {
        assertWindow(store, i);
        assertTrue(bodies(store, "id" + i / 3).contains("body " + i), "request " + i);
      }
      assertEquals(written, Math.min(written, rows(store, 0, Long.MAX_VALUE / 2).size()));
      long last = store.lastStart(FINEST);
      assertEquals(Filler.PARTS, store.scan(FINEST, last, (byte) 'P').size());
    }
  }

  private static String line(@org.jspecify.annotations.Nullable String line) {
    assertNotNull(line, "the filler ended by itself");
    return java.util.Objects.requireNonNull(line);
  }

  @Test
  void aStoreOfAnotherSchemaIsRefusedWithWords() throws Exception {
    Store.open(config()).close();
    try (Database db = Database.open(config().directory(), Filler.TIERS)) {
      db.db().put("schema".getBytes(StandardCharsets.UTF_8), new byte[] {9});
    }
    StoreException refused = assertThrows(StoreException.class, () -> Store.open(config()));
    assertTrue(refused.toString().contains("schema 9, this Hoptoll reads 2"), refused::toString);
  }

  @Test
  void aStoreOfANewerVersionThatKeepsMoreIsRefusedWithWords() throws Exception {
    Store.open(config()).close();
    try (Database db = Database.open(config().directory(), Filler.TIERS)) {
      byte[] name = "traces".getBytes(StandardCharsets.UTF_8);
      db.db().createColumnFamily(new ColumnFamilyDescriptor(name)).close();
    }
    StoreException refused = assertThrows(StoreException.class, () -> Store.open(config()));
    assertTrue(
        refused.toString().contains("keeps traces, this Hoptoll does not know: run the newer one"),
        refused::toString);
  }

  /** Schema 1 had no single requests: those families are made, its windows stay. */
  @Test
  void aStoreOfAnEarlierSchemaIsOpenedAndBecomesThisOne() throws Exception {
    try (Store store = Store.open(config())) {
      Filler.write(store, 5);
    }
    try (Database db = Database.open(config().directory(), Filler.TIERS)) {
      db.db().dropColumnFamilies(List.of(db.requests(), db.bodies(), db.ids()));
      db.db().put("schema".getBytes(StandardCharsets.UTF_8), new byte[] {1});
    }
    try (Store store = Store.open(config())) {
      assertWindow(store, 5);
      store.requests().write(List.of(Filler.request(1)));
    }
    try (Store store = Store.open(config())) {
      assertEquals(List.of("body 1"), bodies(store, "id0"));
      assertWindow(store, 5);
    }
    try (Database db = Database.open(config().directory(), Filler.TIERS)) {
      assertArrayEquals(
          new byte[] {Database.SCHEMA}, db.db().get("schema".getBytes(StandardCharsets.UTF_8)));
    }
  }

  @Test
  void twoProcessesDoNotShareADirectory() throws Exception {
    try (Store first = Store.open(config())) {
      StoreException refused = assertThrows(StoreException.class, () -> Store.open(config()));
      assertTrue(refused.toString().contains("its own directory"), refused::toString);
      assertEquals("", first.problem());
    }
  }

  @Test
  void aDirectoryThatCannotBeMadeIsSaid() throws Exception {
    Path file = Files.createFile(dir.resolve("file"));
    StoreConfig under = new StoreConfig(file.resolve("store"), Filler.TIERS, LARGE, LARGE);
    StoreException refused = assertThrows(StoreException.class, () -> Store.open(under));
    assertTrue(refused.toString().contains("cannot be made"), refused::toString);
  }

  @Test
  void damagedFilesAreSaid() throws Exception {
    Store.open(config()).close();
    Files.writeString(config().directory().resolve("CURRENT"), "MANIFEST-nowhere\n");
    StoreException refused = assertThrows(StoreException.class, () -> Store.open(config()));
    assertTrue(refused.toString().contains(config().directory().toString()), refused::toString);
  }

  @Test
  void windowsGoWhenTheirTierKeepsThemNoLonger() throws Exception {
    try (Store store = Store.open(config())) {
      for (long i = 0; i < 100; i++) {
        Filler.write(store, i);
      }
      drain(store, 100);
      store.expire(FINEST.keptSeconds() + Filler.start(50));
      assertTrue(store.scan(FINEST, Filler.start(49), (byte) 'P').isEmpty());
      assertWindow(store, 50);
      assertEquals(0, store.counters().get(Count.REMOVED_BY_SIZE));
    }
  }

  @Test
  void theOldestGoWhenThereAreTooManyBytes() throws Exception {
    StoreConfig small = new StoreConfig(config().directory(), Filler.TIERS, 1 << 20, LARGE);
    try (Store store = Store.open(small)) {
      for (long i = 0; i < 200; i++) {
        Filler.write(store, i);
        drain(store, i + 1);
      }
    }
    try (Store store = Store.open(small)) {
      for (int i = 0; i < 5; i++) {
        store.expire(Filler.start(200));
      }
      assertTrue(store.counters().get(Count.REMOVED_BY_SIZE) > 0);
      assertTrue(store.scan(FINEST, Filler.start(0), (byte) 'P').isEmpty());
      assertWindow(store, 199);
    }
  }

  @Test
  void requestsAreFoundByIdAndByTimeAfterARestart() throws Exception {
    try (Store store = Store.open(config())) {
      for (long i = 0; i < 9; i++) {
        store.requests().write(List.of(Filler.request(i)));
      }
    }
    try (Store store = Store.open(config())) {
      assertEquals(List.of("body 3", "body 4", "body 5"), bodies(store, "id1"));
      assertEquals(List.of(), bodies(store, "id3"));
      assertEquals(List.of("row 6", "row 5"), rows(store, Filler.start(5), Filler.start(7)));
    }
  }

  @Test
  void theOldestRequestsGoByAgeAndWhenThereAreTooManyBytes() throws Exception {
    StoreConfig small = new StoreConfig(config().directory(), Filler.TIERS, LARGE, 1);
    try (Store store = Store.open(small)) {
      for (long i = 0; i < 90; i++) {
        store.requests().write(List.of(Filler.request(i)));
      }
      while (store.counters().get(Count.REQUESTS_WRITTEN) < 90) {
        Thread.sleep(1);
      }
      store.expire(Filler.TIERS.get(2).keptSeconds() + Filler.start(30));
      assertEquals(60, rows(store, 0, Filler.start(90)).size());
      assertEquals(List.of(), bodies(store, "id9"));
      store.flush();
      store.expire(Filler.start(90));
      assertTrue(store.counters().get(Count.REMOVED_BY_SIZE) > 0);
      assertEquals("row 36", rows(store, 0, Filler.start(90)).get(53));
      assertEquals(List.of(), bodies(store, "id11"));
      assertEquals(3, bodies(store, "id12").size());
    }
  }

  private static List<String> bodies(Store store, String id) {
    return store.requests().bodies(id, 10).stream().map(StoreTest::text).toList();
  }

  private static List<String> rows(Store store, long from, long to) {
    List<String> rows = new ArrayList<>();
    store.requests().rows(from, to, Integer.MAX_VALUE, row -> rows.add(text(row)));
    return rows;
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  static void drain(Store store, long windows) throws InterruptedException {
    while (store.counters().get(Count.WINDOWS_WRITTEN) < windows) {
      Thread.sleep(1);
    }
  }

  static void assertWindow(Store store, long number) {
    List<Entry> expected = Filler.parts(number);
    List<Entry> found = store.scan(FINEST, Filler.start(number), (byte) 'P');
    assertEquals(expected.size(), found.size(), "window " + number);
    for (int i = 0; i < expected.size(); i++) {
      assertArrayEquals(expected.get(i).name(), found.get(i).name());
      assertArrayEquals(expected.get(i).value(), found.get(i).value());
    }
  }
}
