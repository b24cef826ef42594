package io.hoptoll.correlator;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.model.Nanos;
import io.hoptoll.model.ProcessSample;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Hours of one request a second, in simulated time: nothing is lost or counted twice. */
class ArchiverTest {
  private static final String PATH = "/reviews";

  /** A whole hour, 2026-01-01T00:00:00Z. */
  private static final long START = 1_767_225_600L;

  private final MapArchive archive = new MapArchive();
  private final PathNode root = OneHop.node();
  private Windows windows = opened();

  private Windows opened() {
    Windows opened = new Windows(new JoinCounters());
    opened.archive(archive);
    return opened;
  }

  /** A request in each second but the last five, which are on their way. */
  private void run(long fromSecond, long toSecond) {
    for (long second = fromSecond; second < toSecond; second++) {
      windows.tick(second * Nanos.PER_SECOND);
      windows.request(PATH, root, CriticalPath.charges(root), second * Nanos.PER_SECOND);
    }
    windows.tick(toSecond * Nanos.PER_SECOND);
  }

  private long requests(long fromSecond, long toSecond) {
    return new Traffic(windows)
        .path(PATH, fromSecond, toSecond, toSecond - fromSecond)
        .get(0)
        .requests();
  }

  @Test
  void everyRangeHasEachRequestOnce() {
    long end = START + 4 * 3_600 + 137;
    run(START, end);
    assertEquals(end - START, requests(START, end));
    assertEquals(3_600, requests(START + 3_600, START + 7_200));
    assertEquals(end - 3_617 - START, requests(START, end - 3_617));
    assertEquals(60, requests(START + 660, START + 720));
    List<Summary> steps = new Traffic(windows).path(PATH, START, end - 137, 600);
    assertTrue(steps.stream().allMatch(s -> s.requests() == 600), steps::toString);
    double mean = root.hop().ledger().totalNanos();
    assertTrue(steps.stream().allMatch(s -> Math.abs(s.meanNanos() - mean) < 1), steps::toString);
  }

  @Test
  void aRangeTakesTheLongestWindowsThatFit() {
    run(START, START + 4 * 3_600);
    archive.reads = 0;
    requests(START + 50, START + 3 * 3_600 + 650);
    assertEquals(9 + 18 + 5, archive.reads, "minutes to the first ten, tens, and 50 s");
  }

  @Test
  void aProcessThatEndsAndStartsAgainHasAllThatItHad() {
    run(START, START + 3_333);
    windows.close();
    windows = opened();
    run(START + 3_333, START + 7_777);
    assertEquals(7_777, requests(START, START + 7_777));
    List<Summary> steps = new Traffic(windows).path(PATH, START, START + 7_200, 600);
    assertTrue(steps.stream().allMatch(s -> s.requests() == 600), steps::toString);
  }

  @Test
  void aCrashLosesSecondsNotMinutes() {
    run(START, START + 3_333);
    windows = opened();
    run(START + 3_333, START + 7_200);
    long found = requests(START, START + 7_200);
    assertTrue(found <= 7_200 && found >= 7_200 - 30, found + " found");
  }

  @Test
  void afterALongPauseThePastIsInEveryTier() {
    run(START, START + 3_333);
    windows.close();
    windows = opened();
    run(START + 50_000, START + 50_010);
    assertEquals(3_333, requests(START, START + 3_600));
    long longAgo = START + 20 * 86_400;
    windows = opened();
    run(longAgo, longAgo + 10);
    assertEquals(3_333, requests(START, START + 3_600));
  }

  @Test
  void aPathThatIsNoLongerSeenIsKnownWhereItIsArchived() {
    run(START, START + 100);
    windows.close();
    windows = opened();
    windows.tick((START + 10_000) * Nanos.PER_SECOND);
    assertTrue(windows.knows(PATH, START, START + 100));
    assertFalse(windows.knows(PATH, START + 200, START + 300));
    assertFalse(windows.knows("/never", START, START + 100));
  }

  @Test
  void processesAreArchivedWithTheirOwners() {
    int tgid = requireNonNull(requireNonNull(root.hop().server()).servingApp()).owner().tgid();
    run(START, START + 5);
    ProcessSample sample = throttled(tgid);
    windows.process(sample, (START + 4) * Nanos.PER_SECOND);
    run(START + 5, START + 2_000);
    windows = opened();
    windows.tick((START + 2_000) * Nanos.PER_SECOND);
    List<Actor> owners = new ArrayList<>();
    for (Window w : windows.between(START, START + 10)) {
      w.eachOwner((key, owner) -> owners.add(owner));
      ProcessTime time = w.process(new ProcessKey(World.NODE, tgid));
      assertEquals(0.5, requireNonNull(time).throttledShare());
    }
    assertEquals(List.of(new Actor(Actor.Kind.APP, root.edge().server())), owners);
  }

  private static ProcessSample throttled(int tgid) {
    return new ProcessSample(
        World.NODE, 1, tgid, "java", 0, 1_000_000, 0, 500_000, 1, Nanos.UNSET, 0, false);
  }
}
