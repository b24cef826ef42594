package io.hoptoll.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hoptoll.agent.Payload;
import io.hoptoll.app.profile.PodInstance;
import io.hoptoll.model.HeadsAsked;
import org.junit.jupiter.api.Test;

/** What a task hears where nobody can read its pod's heads. */
class TaskHeadsTest {
  private final TaskHeads alone = new TaskHeads("here", null, Payload.PROTOCOL, null);

  @Test
  void whoCouldReadThemIsNamed() {
    assertEquals("no socket agent runs in this process; hoptoll doctor says why", refusal("here"));
    assertEquals(
        "it is on node there, and no agents are listened for (agents.listen)", refusal("there"));
  }

  /** Of another node's agent, too, which would refuse it later and without the user's hearing. */
  @Test
  void aPodOnItsNodesNetworkIsRefusedAtOnce() {
    PodInstance host = new PodInstance("there", "host", "there", 1, true);
    assertEquals(
        "its network is the node's own (hostNetwork): others use it too",
        alone.refusal(host, new HeadsAsked(512, 0)));
  }

  @Test
  void whereNobodyReadsTheTaskSaysSo() {
    PodInstance pod = new PodInstance("default", "a", "here", 11, false);
    assertEquals(
        "its agent has not said that it reads it (one of an older version never says)",
        alone.reading(pod).problem());
  }

  private String refusal(String node) {
    return alone.refusal(new PodInstance("default", "a", node, 11, false), new HeadsAsked(512, 0));
  }
}
