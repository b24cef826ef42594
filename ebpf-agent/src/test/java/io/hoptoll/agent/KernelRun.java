package io.hoptoll.agent;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
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
      List.of(
          SocketAgentLiveTest.class,
          IoStylesLiveTest.class,
          ConnectionLifeTest.class,
          TlsLiveTest.class,
          EachSetLiveTest.class,
          TaskHeadsLiveTest.class,
          PayloadTest.class);

  /** Of the others of these classes some need programs that no guest has, all a load each. */
  private static final List<DiscoverySelector> HEADS =
      List.of(
          DiscoverySelectors.selectMethod(
              HeadsLiveTest.class,
              "bothEndsSeeTheRequestAndItsStatusByEachSet",
              Hooks.class.getName()),
          DiscoverySelectors.selectMethod(
              Http2HeadsLiveTest.class, "grpcIsReadAtBothEndsByEachSet", Hooks.class.getName()));

  private KernelRun() {}

  /** Prints {@code RESULT kernel, hooks wanted: all 16 tests passed with SET}, or what did not. */
  public static void main(String[] arguments) {
    String set = setInUse();
    String kernel = System.getProperty("os.version");
    String wanted = TestHooks.WANTED.name().toLowerCase(Locale.ROOT);
    String outcome = set.startsWith("refused") ? set : tests() + " with " + set;
    System.out.println("RESULT " + kernel + ", hooks " + wanted + ": " + outcome);
    System.exit(0);
  }

  private static String tests() {
    SummaryGeneratingListener listener = new SummaryGeneratingListener();
    LauncherFactory.create()
        .execute(
            LauncherDiscoveryRequestBuilder.request()
                .selectors(TESTS.stream().map(DiscoverySelectors::selectClass).toList())
                .selectors(HEADS)
                .build(),
            listener,
            new Progress());
    TestExecutionSummary summary = listener.getSummary();
    summary.printFailuresTo(new PrintWriter(System.out, true, UTF_8), 12);
    long passed = summary.getTestsSucceededCount();
    long found = summary.getTestsFoundCount();
    return passed == found
        ? "all " + found + " tests passed"
        : passed + " of " + found + " tests passed";
  }

  /** A line as each test ends: a guest that is given up has not said nothing. */
  private static final class Progress implements TestExecutionListener {
    private long beganNanos;

    @Override
    public void executionStarted(TestIdentifier test) {
      beganNanos = System.nanoTime();
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      if (test.isTest()) {
        String where = test.getSource().map(Object::toString).orElse("");
        long seconds = (System.nanoTime() - beganNanos) / 1_000_000_000L;
        System.out.println(
            "TEST " + result.getStatus() + " " + seconds + " s " + test.getDisplayName() + where);
      }
    }
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
      System.out.println("refused: " + e.getMessage()); // the verifier's words, too
      return "refused: " + String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
