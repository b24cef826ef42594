package io.hoptoll.agent;

import io.hoptoll.model.PacketDrop;
import io.hoptoll.model.RunningProcess;
import java.io.IOException;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** The agent as a program: says what it lacks, and after a line of input what it saw. */
final class AgentAlone {
  private static final int SLEEPERS = 20; // tries of 250 ms

  private AgentAlone() {}

  /**
   * Prints {@code missing [...]} or {@code refused ...}; then of a network namespace {@code
   * exchanges N}, {@code program NAME} of a process there, {@code drop WHERE} in the kernel.
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
      if (System.in.read() >= 0) {
        tell(recorder);
      }
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
