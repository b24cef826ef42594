package io.hoptoll.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;

import io.hoptoll.model.HttpMessage;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Has a program run in a network namespace of its own, with the agent reading heads there alone.
 */
final class NetworkHeads implements AutoCloseable {
  private final TestNetwork network = new TestNetwork();
  private final SocketAgent agent;

  NetworkHeads(Recorder recorder) throws Exception {
    AgentConfig config =
        new AgentConfig("here", false, Set.of(network.inode()))
            .with(TestHooks.WANTED)
            .with(Payload.HEADS);
    agent = SocketAgent.start(config, recorder);
  }

  /** To its end. */
  void run(String... command) throws Exception {
    network.run(command);
  }

  /** None that concerns what ran here. */
  void noTroubles() throws InterruptedException {
    assertEquals(Map.of(), troubles(agent));
  }

  /** Failures of connections begun since the agent; others on this machine may be older. */
  static Map<String, Long> troubles(SocketAgent agent) throws InterruptedException {
    awaitFresh(agent); // may have been counted before what came last
    awaitFresh(agent);
    Map<String, Long> some = new HashMap<>(agent.stats().failures());
    some.values().removeIf(n -> n == 0);
    some.remove("http2_midway");
    return some;
  }

  private static void awaitFresh(SocketAgent agent) throws InterruptedException {
    AgentStats old = agent.stats();
    for (int i = 0; i < 250 && agent.stats() == old; i++) {
      Thread.sleep(20);
    }
    assertNotSame(old, agent.stats(), "the agent counts no more");
  }

  /** {@code GET /path id}, of a request. */
  static String asked(HttpMessage m) {
    return m.head().method() + " " + m.head().path() + " " + m.head().requestId();
  }

  @Override
  public void close() throws Exception {
    agent.close();
    network.close();
  }
}
