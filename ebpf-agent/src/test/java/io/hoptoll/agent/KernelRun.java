package io.hoptoll.agent;

import java.io.PrintWriter;
import java.util.List;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/**
 * Runs the live tests with one set of hooks and prints a line; {@code ./hoptoll test --kernels} has
 * it run in guests with other kernels.
 */
final class KernelRun {
  private static final List<Class<?>> TESTS =
      List.of(SocketAgentLiveTest.class, IoStylesLiveTest.class);

  private KernelRun() {}

  /** Prints {@code RESULT} with the set in use and how many tests ended how. */
  public static void main(String[] arguments) {
    String set = setInUse();
    System.out.println(
        "RESULT " + System.getProperty("os.version") + " " + TestHooks.WANTED + " " + set);
    if (set.startsWith("refused")) {
      return;
    }
    SummaryGeneratingListener listener = new SummaryGeneratingListener();
    LauncherFactory.create()
        .execute(
            LauncherDiscoveryRequestBuilder.request()
                .selectors(TESTS.stream().map(DiscoverySelectors::selectClass).toList())
                .build(),
            listener);
    TestExecutionSummary summary = listener.getSummary();
    summary.printFailuresTo(new PrintWriter(System.out, true), 12);
    System.out.printf(
        "RESULT %s %s %d of %d tests passed%n",
        System.getProperty("os.version"),
        set,
        summary.getTestsSucceededCount(),
        summary.getTestsFoundCount());
    System.exit(0);
  }

  private static String setInUse() {
    Readiness readiness = SocketAgent.check(TestHooks.WANTED);
    if (!readiness.ready()) {
      return "refused: " + String.join("; ", readiness.missing());
    }
    try (SocketAgent agent = SocketAgent.start(TestHooks.config(), new Recorder())) {
      while (agent.stats().hooks().isEmpty()) {
        Thread.sleep(20);
      }
      agent.stats().missing().forEach(m -> System.out.println("missing: " + m));
      agent.missing().forEach(m -> System.out.println("missing: " + m));
      return agent.stats().hooks();
    } catch (AgentException e) {
      return "refused: " + e.getMessage();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
