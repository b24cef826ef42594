package io.hoptoll.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.model.Nanos;
import io.hoptoll.model.ProcessSample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a /proc and a cgroup v1 mount made of files. */
class ProcessWatchTest {
  private static final int TGID = 41;
  private static final long NETNS = 4_026_532_000L;
  private static final long SECOND = 1_000_000_000L;

  @TempDir private Path dir;
  private Path proc;
  private ProcessWatch watch;
  private final List<ProcessSample> samples = new ArrayList<>();
  private final Queue queue = new Queue();

  /** A run queue that says what the test wants. */
  private static final class Queue implements RunQueue {
    private final Set<Integer> watched = new HashSet<>();
    private @Nullable Wait wait;

    @Override
    public void watch(int tgid) {
      watched.add(tgid);
    }

    @Override
    public void forget(int tgid) {
      watched.remove(tgid);
    }

    @Override
    public @Nullable Wait read(int tgid) {
      return wait;
    }
  }

  @BeforeEach
  void makeProc() throws IOException {
    proc = Files.createDirectories(dir.resolve("proc"));
    Path mounts = Files.createDirectories(proc.resolve("self")).resolve("mounts");
    Files.writeString(mounts, "cgroup " + dir.resolve("cpu") + " cgroup rw,cpu 0 0\n");
    watch = new ProcessWatch(proc, "here", queue);
  }

  @Test
  void cpuTimeAndThrottlingAreDifferencesBetweenLooks() throws IOException {
    process(TGID, 'S', 300, 21);
    throttled(5, 700_000_000);
    watch.watch(TGID, NETNS, "a) S name", 0);
    queue.wait = new RunQueue.Wait(5_000_000, 11);
    watch.sample(SECOND, samples::add);
    assertTrue(samples.isEmpty(), "the first look has nothing to compare with");
    process(TGID, 'R', 304, 24);
    throttled(7, 790_000_000);
    queue.wait = new RunQueue.Wait(36_000_000, 14);
    watch.sample(SECOND + 250_000_000, samples::add);
    assertEquals(
        List.of(
            new ProcessSample(
                "here",
                NETNS,
                TGID,
                "a) S name",
                SECOND + 250_000_000,
                250_000_000,
                70_000_000,
                90_000_000,
                2,
                31_000_000,
                3,
                false)),
        samples);
  }

  @Test
  void aStoppedProcessIsToldAndOneThatNothingLimitsToo() throws IOException {
    process(TGID, 'S', 1, 1);
    watch.watch(TGID, NETNS, "app", 0);
    watch.sample(SECOND, samples::add);
    process(TGID, 'T', 1, 1);
    watch.sample(2 * SECOND, samples::add);
    assertTrue(samples.get(0).stopped());
    assertEquals(Nanos.UNSET, samples.get(0).throttledNanos());
    assertEquals(Nanos.UNSET, samples.get(0).runQueueNanos());
  }

  @Test
  void aProcessThatEndedIsForgottenAndMayComeAgain() throws IOException {
    process(TGID, 'S', 1, 1);
    watch.watch(TGID, NETNS, "app", 0);
    Files.delete(proc.resolve(TGID + "/stat"));
    watch.sample(SECOND, samples::add);
    assertEquals(0, watch.size());
    assertEquals(Set.of(), queue.watched);
    process(TGID, 'S', 1, 1);
    watch.watch(TGID, NETNS, "app", 0);
    assertEquals(1, watch.size());
  }

  @Test
  void manyProcessesAreLookedAtInTurn() throws IOException {
    int many = 200;
    for (int tgid = 1; tgid <= many; tgid++) {
      process(tgid, 'S', 1, 1);
      watch.watch(tgid, NETNS, "app", 0);
    }
    for (int round = 1; round <= 4; round++) {
      watch.sample(round * SECOND, samples::add);
    }
    assertEquals(4 * 128 - many, samples.size(), "128 looks a round, the first of each is mute");
    assertEquals(
        many, samples.stream().map(ProcessSample::tgid).collect(Collectors.toSet()).size());
  }

  @Test
  void aProcessWhoseSocketsRestIsLookedAtEachSecondUnlessItIsStopped() throws IOException {
    process(TGID, 'S', 1, 1);
    watch.watch(TGID, NETNS, "app", SECOND);
    looks(1, 6);
    assertEquals(49, samples.size(), "ten a second, the first is mute");
    looks(6, 11);
    samples.clear();
    looks(11, 20);
    assertEquals(9, samples.size(), "nobody heard of it for long");
    assertEquals(SECOND, samples.get(8).intervalNanos());
    watch.watch(TGID, NETNS, "app", 20 * SECOND);
    samples.clear();
    looks(20, 21);
    assertEquals(10, samples.size());
    process(TGID, 'T', 1, 1);
    samples.clear();
    looks(27, 29);
    assertEquals(20, samples.size(), "how long it stands still is told exactly");
  }

  @Test
  void aPodsOtherProcessesAreLookedAtEachSecondAndToldWhereTheyUseCpu() throws IOException {
    process(TGID, 'S', 1, 1);
    watch.watchUse(TGID, NETNS, "batch");
    looks(1, 4);
    assertTrue(samples.isEmpty(), "it did nothing");
    assertEquals(Set.of(), queue.watched, "nobody waits for its answers");
    process(TGID, 'R', 51, 1);
    looks(4, 7);
    assertEquals(1, samples.size());
    assertEquals(500_000_000, samples.get(0).cpuNanos());
    assertEquals("batch", samples.get(0).comm());
    samples.clear();
    watch.watch(TGID, NETNS, "server", 7 * SECOND);
    looks(7, 8);
    assertEquals(10, samples.size(), "it owns a socket now");
    assertEquals("server", samples.get(9).comm());
    assertEquals(Set.of(TGID), queue.watched);
  }

  @Test
  void aPodsOtherProcessesTakeNoOwnersPlace() throws IOException {
    int owner = ProcessWatch.MAX_OTHERS + 2;
    for (int tgid = 1; tgid <= owner; tgid++) {
      process(tgid, 'S', 1, 1);
      watch.watchUse(tgid, NETNS, "batch");
    }
    assertEquals(ProcessWatch.MAX_OTHERS, watch.size());
    watch.watch(owner, NETNS, "server", 0);
    watch.watch(1, NETNS, "server", 0);
    watch.watchUse(owner - 1, NETNS, "batch");
    assertEquals(ProcessWatch.MAX_OTHERS + 2, watch.size(), "one became an owner: there is room");
    for (int tgid = 2; tgid <= owner; tgid++) {
      Files.delete(proc.resolve(tgid + "/stat"));
    }
    looks(1, 3);
    assertEquals(1, watch.size());
    assertEquals(Set.of(1), queue.watched);
  }

  /** Ten a second, from the one second to the other. */
  private void looks(int from, int to) {
    for (long at = from * SECOND; at < to * SECOND; at += SECOND / 10) {
      watch.sample(at, samples::add);
    }
  }

  private void process(int tgid, char state, int userTicks, int systemTicks) throws IOException {
    Path pid = Files.createDirectories(proc.resolve(Integer.toString(tgid)));
    Files.writeString(pid.resolve("cgroup"), "3:cpu,cpuacct:/pod\n");
    Files.writeString(
        pid.resolve("stat"),
        tgid + " (a) S name) " + state + " 1 1 1 0 -1 0 0 0 0 0 " + userTicks + " " + systemTicks);
  }

  private void throttled(int periods, long nanos) throws IOException {
    Path group = Files.createDirectories(dir.resolve("cpu/pod"));
    Files.writeString(
        group.resolve("cpu.stat"),
        "nr_periods 10\nnr_throttled " + periods + "\nthrottled_time " + nanos + "\n");
  }
}
