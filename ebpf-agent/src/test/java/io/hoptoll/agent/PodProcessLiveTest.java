package io.hoptoll.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hoptoll.model.ProcessSample;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A pod's busy program that has no socket at all. */
@Tag("bpf")
class PodProcessLiveTest {
  private static final double BUSY_CPUS = 0.05; // others may use the machine, too

  private final Recorder recorder = new Recorder();

  @Test
  void itsCpuIsToldAndNoOtherNamespaces() throws Exception {
    Readiness ready = SocketAgent.check(TestHooks.WANTED);
    assumeTrue(ready.ready(), () -> String.join("; ", ready.missing()));
    try (TestNetwork pod = new TestNetwork()) {
      Process busy = busy("ip", "netns", "exec", pod.name());
      Process outside = busy("env");
      AgentConfig config = new AgentConfig("here", false, Set.of(pod.inode()), TestHooks.WANTED);
      try (SocketAgent agent = SocketAgent.start(config, recorder)) {
        ProcessSample sample = await((int) busy.pid());
        assertTrue(sample.cpuNanos() > BUSY_CPUS * sample.intervalNanos(), sample::toString);
        assertEquals(pod.inode(), sample.netns());
        assertTrue(recorder.samples.stream().noneMatch(s -> s.tgid() == outside.pid()));
      } finally {
        busy.destroyForcibly().waitFor();
        outside.destroyForcibly().waitFor();
      }
    }
  }

  /** exec all the way: the loop has the pid that was started. */
  private static Process busy(String... in) throws Exception {
    ProcessBuilder loop = new ProcessBuilder(in);
    loop.command().addAll(List.of("sh", "-c", "while :; do :; done"));
    return loop.start();
  }

  private ProcessSample await(int tgid) throws InterruptedException {
    long deadline = System.nanoTime() + 20_000_000_000L;
    while (System.nanoTime() < deadline) {
      for (ProcessSample s : recorder.samples) {
        if (s.tgid() == tgid) {
          return s;
        }
      }
      Thread.sleep(50);
    }
    throw new AssertionError("nothing of process " + tgid + " was told");
  }
}
