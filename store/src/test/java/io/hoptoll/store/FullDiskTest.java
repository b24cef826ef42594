package io.hoptoll.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.store.StoreCounters.Count;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file system of 24 MB that is filled by someone else, and gets free again. */
@Tag("mesh")
class FullDiskTest {
  private static final int FREE_KB = 512;

  @TempDir Path dir;
  private boolean mounted;

  @BeforeEach
  void mount() throws Exception {
    mounted = run("mount", "-t", "tmpfs", "-o", "size=24m", "hoptoll-test", dir.toString()) == 0;
    if (!mounted) {
      Assumptions.abort("a tmpfs cannot be mounted: root is needed");
    }
  }

  @AfterEach
  void unmount() throws Exception {
    if (mounted) {
      assertEquals(0, run("umount", dir.toString()));
    }
  }

  @Test
  void aFullDiskIsSaidAndCountedAndWritingGoesOnOnceThereIsSpace() throws Exception {
    StoreConfig config = new StoreConfig(dir.resolve("store"), Filler.TIERS, 1L << 30, 1L << 30);
    Path ballast = dir.resolve("ballast");
    try (Store store = Store.open(config)) {
      Filler.write(store, 0);
      StoreTest.drain(store, 1);
      fill(ballast);
      long number = 1;
      while (store.counters().get(Count.WRITE_FAILURES) == 0) {
        Filler.write(store, number++);
        Thread.sleep(1);
      }
      assertTrue(store.problem().contains("no space left"), store::problem);
      assertTrue(store.problem().contains(config.directory().toString()), store::problem);
      StoreTest.assertWindow(store, 0);
      Files.delete(ballast);
      long before = store.counters().get(Count.WINDOWS_WRITTEN);
      long later = number + 1_000;
      while (store.counters().get(Count.WINDOWS_WRITTEN) == before) {
        Filler.write(store, later);
        Thread.sleep(50);
      }
      assertEquals("", store.problem());
      StoreTest.assertWindow(store, 0);
      StoreTest.assertWindow(store, later);
      assertTrue(store.counters().get(Count.WINDOWS_LOST) > 0);
      assertTrue(store.counters().get(Count.REOPENED) > 0);
    }
  }

  private void fill(Path ballast) throws IOException {
    long free = Files.getFileStore(dir).getUsableSpace();
    Files.write(ballast, new byte[(int) (free - FREE_KB * 1_024)]);
  }

  private static int run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getInputStream().readAllBytes();
    assertTrue(process.waitFor(10, TimeUnit.SECONDS));
    return process.exitValue();
  }
}
