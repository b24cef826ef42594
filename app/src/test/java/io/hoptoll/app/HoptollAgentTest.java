package io.hoptoll.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** What the agent refuses to start with. */
class HoptollAgentTest {
  private static final long MIB = 1 << 20;

  @Test
  void theLaunchersHeapHoldsTheDefaultBuffer() {
    HoptollAgent.requireRoom(64 * MIB, 190 * MIB);
  }

  @Test
  void aBufferThatTheHeapDoesNotHoldIsRefusedWithWhatToDo() {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class, () -> HoptollAgent.requireRoom(256 * MIB, 190 * MIB));
    assertEquals(
        "agent.buffer of 256 MiB does not fit the JVM's heap of 190 MiB; set"
            + " HOPTOLL_JAVA_OPTS=-Xmx372m, or a smaller buffer",
        refused.getMessage());
  }
}
