package io.hoptoll.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What the running kernel's BTF offers. {@code ./hoptoll test --kernels} runs each set on others.
 */
@Tag("bpf")
class HookSetTest {
  private final Recorder recorder = new Recorder();

  @BeforeEach
  void ready() {
    Readiness readiness = SocketAgent.check();
    assumeTrue(readiness.ready(), () -> String.join("; ", readiness.missing()));
  }

  @Test
  void tracepointsComeFirstWhereTheKernelHasThemAll() throws AgentException {
    try (KernelTypes kernel = KernelTypes.load()) {
      List<HookSet> sets = HookSet.candidates(kernel, Hooks.AUTO);
      assertEquals("tracepoints", sets.get(0).name());
      assertEquals(5, sets.get(0).sections().size());
      assertEquals("fentry", sets.get(1).name());
      assertTrue(sets.get(1).sections().contains("fexit/tcp_recvmsg"), sets::toString);
    }
  }

  @Test
  void theSetInUseIsReported() throws AgentException, InterruptedException {
    try (SocketAgent agent = SocketAgent.start(new AgentConfig("here", false), recorder)) {
      for (int i = 0; agent.stats().hooks().isEmpty() && i < 250; i++) {
        Thread.sleep(20);
      }
      AgentStats stats = agent.stats();
      assertEquals("tracepoints", stats.hooks());
      assertTrue(
          stats
              .programs()
              .containsAll(
                  List.of("tp_btf/sk_data_ready", "tp_btf/sched_switch", "tp_btf/kfree_skb")),
          stats::toString);
      assertEquals(List.of(), stats.missing());
    }
  }
}
