package io.hoptoll.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Busy loops that share one CPU; the kernel's own account of them is the second instrument. */
@Tag("bpf")
class RunQueueLiveTest {
  private static final String BUSY = "kill -STOP $$; while :; do :; done";

  private final List<Process> loops = new ArrayList<>();
  private RunQueueProbe probe;

  @BeforeEach
  void start() throws AgentException {
    Readiness readiness = SocketAgent.check();
    assumeTrue(readiness.ready(), () -> String.join("; ", readiness.missing()));
    probe = RunQueueProbe.start();
  }

  @AfterEach
  void stop() {
    loops.forEach(Process::destroyForcibly);
    if (probe != null) {
      probe.close();
    }
  }

  @Test
  void aLoopThatSharesItsCpuWaitedAsLongAsTheKernelSaysAndNobodyElseIsRecorded() throws Exception {
    int watched = loop();
    int other = loop();
    probe.watch(watched);
    long[] before = schedstat(watched);
    signal("-CONT", watched, other);
    awaitWaits(watched, 5);
    signal("-STOP", watched, other);
    awaitStopped(watched);

    RunQueue.Wait wait = probe.read(watched);
    long[] after = schedstat(watched);
    assertNotNull(wait);
    long kernels = after[1] - before[1];
    assertEquals(after[2] - before[2], wait.times(), "times on a CPU, each after a wait");
    assertEquals(kernels, wait.nanos(), 0.1 * kernels + 1_000_000, "run_delay of schedstat");
    assertNull(probe.read(other));
  }

  @Test
  void aForgottenProcessIsRecordedNoMore() throws Exception {
    int loop = loop();
    probe.watch(loop);
    assertEquals(new RunQueue.Wait(0, 0), probe.read(loop), "it is stopped");
    probe.forget(loop);
    signal("-CONT", loop);
    assertNull(probe.read(loop));
  }

  @Test
  void aProcessTooManyIsCounted() {
    int errnoFull = 7; // E2BIG
    for (int tgid = 1; tgid <= ProcessWatch.MAX; tgid++) {
      probe.watch(tgid);
    }
    assertEquals(Map.of("run_queue_storage", 0L, "run_queue_processes", 0L), probe.failures());
    probe.watch(ProcessWatch.MAX + 1);
    assertEquals(1L, probe.failures().get("run_queue_processes"));
    assertEquals(1L, probe.failures().get("run_queue_processes errno_" + errnoFull));
  }

  @Test
  void theThreadsOfAProcessCountAsOne() throws Exception {
    int self = (int) ProcessHandle.current().pid();
    probe.watch(self);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 23; i++) {
      Thread thread = new Thread(() -> {});
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    RunQueue.Wait wait = probe.read(self);
    assertNotNull(wait);
    assertTrue(wait.times() >= 23, "each new thread was ready before it ran: " + wait);
  }

  /** A busy loop on CPU 0, still stopped. */
  private int loop() throws Exception {
    Process process = new ProcessBuilder("taskset", "-c", "0", "sh", "-c", BUSY).start();
    loops.add(process);
    int pid = (int) process.pid();
    awaitStopped(pid);
    return pid;
  }

  private void awaitWaits(int tgid, long times) throws InterruptedException {
    long deadline = System.nanoTime() + 20_000_000_000L;
    RunQueue.Wait wait = probe.read(tgid);
    while (wait == null || wait.times() < times) {
      assertTrue(System.nanoTime() < deadline, "two loops on one CPU, and no wait: " + wait);
      Thread.sleep(10);
      wait = probe.read(tgid);
    }
  }

  private static void awaitStopped(int pid) throws Exception {
    long deadline = System.nanoTime() + 20_000_000_000L;
    while (!Files.readString(Path.of("/proc/" + pid + "/stat")).contains(") T ")) {
      assertTrue(System.nanoTime() < deadline, "process " + pid + " does not stop");
      Thread.sleep(2);
    }
  }

  /** CPU time, run_delay (both ns) and times on a CPU. Documentation/scheduler/sched-stats.rst. */
  private static long[] schedstat(int pid) throws IOException {
    String[] field = Files.readString(Path.of("/proc/" + pid + "/schedstat")).strip().split(" ");
    return new long[] {
      Long.parseLong(field[0]), Long.parseLong(field[1]), Long.parseLong(field[2])
    };
  }

  private static void signal(String signal, int... pids) throws Exception {
    List<String> command = new ArrayList<>(List.of("kill", signal));
    for (int pid : pids) {
      command.add(Integer.toString(pid));
    }
    assertEquals(0, new ProcessBuilder(command).start().waitFor());
  }
}
