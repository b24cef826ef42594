package io.hoptoll.agent;

import io.hoptoll.model.PacketDrop;
import io.hoptoll.model.RunningProcess;
import io.hoptoll.model.TlsProcess;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** The agent as a program: says what it lacks, and after a line of input what it saw. */
final class AgentAlone {
  private static final int SLEEPERS = 20; // tries of 250 ms

  private AgentAlone() {}

  /**
   * Prints {@code missing [...]} or {@code refused ...}; then of a network namespace {@code
   * exchanges N}, {@code program NAME} of a process there, {@code drop WHERE} in the kernel. With
   * {@code tls} behind the namespace it reads that, too: prints {@code covered BY} once a process
   * is, then only {@code call STATUS PATH} of each; or {@code not covered: } and all it knows.
   */
  public static void main(String[] netns) throws Exception {
    Recorder recorder = new Recorder();
    Set<Long> only = Set.of(Long.parseLong(netns[0]));
    Readiness readiness = SocketAgent.check(TestHooks.WANTED);
    if (!readiness.ready()) {
      System.out.println("refused " + readiness.missing());
      return;
    }
    AgentConfig config = new AgentConfig("here", false, only, TestHooks.WANTED);
    try (SocketAgent agent = SocketAgent.start(config, recorder)) {
      System.out.println("missing " + agent.missing());
      if (netns.length > 1) {
        tls(agent, recorder, only.iterator().next());
        return;
      }
      if (System.in.read() >= 0) {
        tell(recorder);
      }
    }
  }

  private static void tls(SocketAgent agent, Recorder recorder, long netns) throws Exception {
    agent.readTls(Map.of(netns, 512));
    await(() -> agent.plaintext().processes().stream().anyMatch(p -> p.covered()));
    System.out.println(
        agent.plaintext().processes().stream()
            .filter(TlsProcess::covered)
            .map(p -> "covered " + p.how())
            .findFirst()
            .orElseGet(() -> "not covered: " + agent.plaintext()));
    if (System.in.read() >= 0) {
      await(() -> recorder.tlsCalls.size() >= 2);
      recorder.tlsCalls.forEach(
          c -> System.out.println("call " + c.status() + " " + c.request().path()));
    }
  }

  private static void tell(Recorder recorder) throws InterruptedException, IOException {
    await(() -> !recorder.drops.isEmpty() && !recorder.running.isEmpty());
    System.out.println("exchanges " + recorder.all().size());
    System.out.println(
        "program "
            + recorder.running.stream().map(RunningProcess::executable).findFirst().orElse(""));
    System.out.println(
        "drop " + recorder.drops.stream().map(PacketDrop::location).findFirst().orElse(""));
  }

  private static void await(BooleanSupplier seen) throws InterruptedException {
    for (int i = 0; i < SLEEPERS && !seen.getAsBoolean(); i++) {
      Thread.sleep(250);
    }
  }
}
