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

  private String refusal(String node) {
    return alone.refusal(new PodInstance("default", "a", node, 11), new HeadsAsked(512, 0));
  }
}
