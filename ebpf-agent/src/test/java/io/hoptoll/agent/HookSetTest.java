package io.hoptoll.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
  private static final List<String> ORDER =
      List.of("tracepoints", "tracepoints+fentry", "fentry", "fentry-copied", "kprobes");

  private final Recorder recorder = new Recorder();

  @BeforeEach
  void ready() {
    Readiness readiness = SocketAgent.check();
    assumeTrue(readiness.ready(), () -> String.join("; ", readiness.missing()));
  }

  @Test
  void whatIsTriedIsInTheKernelAndTheBestComesFirst() throws AgentException {
    try (KernelTypes kernel = KernelTypes.load()) {
      List<HookSet> sets = HookSet.candidates(kernel, Hooks.AUTO);
      for (HookSet set : sets) {
        for (String section : set.sections()) {
          String hook = section.substring(section.indexOf('/') + 1);
          assertTrue(
              kernel.hasTracepoint(hook) || kernel.functionArguments(hook) > 0, set::toString);
        }
      }
      List<String> names = sets.stream().map(HookSet::name).toList();
      assertEquals(ORDER.stream().filter(names::contains).toList(), names);
      assertEquals("kprobes", names.get(names.size() - 1));
    }
  }

  @Test
  void tracepointsAloneOnlyWhereTheKernelHasThemAll() throws AgentException {
    try (KernelTypes kernel = KernelTypes.load()) {
      boolean all =
          List.of("sk_data_ready", "sock_recv_length", "tcp_sendmsg_locked", "sock_send_length")
              .stream()
              .allMatch(kernel::hasTracepoint);
      List<HookSet> sets = HookSet.candidates(kernel, Hooks.TRACEPOINTS);
      assertEquals(all ? 1 : 0, sets.size());
      assertTrue(sets.stream().allMatch(s -> s.name().equals("tracepoints")));
      assertFalse(kernel.hasTracepoint("no_such_event"));
    }
  }

  @Test
  void aSetThatIsNotThereIsRefusedWithWords() {
    assertTrue(Requirements.noHooks(Hooks.TRACEPOINTS).contains("set agent.hooks to auto"));
    assertTrue(Requirements.noHooks(Hooks.AUTO).contains("5.8"));
  }

  @Test
  void theSetInUseIsReported() throws AgentException, InterruptedException {
    try (SocketAgent agent = SocketAgent.start(new AgentConfig("here", false), recorder)) {
      for (int i = 0; agent.stats().hooks().isEmpty() && i < 250; i++) {
        Thread.sleep(20);
      }
      AgentStats stats = agent.stats();
      assertTrue(ORDER.contains(stats.hooks()), stats::toString);
      assertEquals(
          !stats.hooks().startsWith("tracepoints"),
          stats.programs().stream().noneMatch(p -> p.startsWith("tp_btf/sock_")),
          stats::toString);
    }
  }
}
