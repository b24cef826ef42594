package io.hoptoll.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What an agent reads for tasks, whoever asks. */
class TaskOrderTest {
  private static final long OWN = 1;
  private static final AgentConfig ALL = new AgentConfig("here", false);

  private final List<Map<Long, Integer>> read = new ArrayList<>();
  private TaskOrder order = order(ALL);

  private TaskOrder order(AgentConfig config) {
    TaskOrder made = new TaskOrder(config, Set.of(OWN), read::add);
    made.look(Set.of(OWN, 11L, 12L), Set.of());
    return made;
  }

  @Test
  void theNodesOwnNamespaceIsNotRead() {
    order.want(Map.of(OWN, 512, 11L, 256));
    assertEquals(List.of(Map.of(11L, 256)), read);
    assertEquals("", order.refusal(11));
    assertEquals("", order.problem(11));
    assertTrue(order.refusal(OWN).contains("the node's own"), order.refusal(OWN));
    assertEquals(order.refusal(OWN), order.problem(OWN));
    order.look(Set.of(OWN, 11L, 12L), Set.of());
    assertEquals(1, read.size(), "nothing changed");
  }

  /** Its sockets are seen at once, its processes with the next look. */
  @Test
  void aNamespaceWithoutProcessesIsReadOnceItHasOne() {
    order.want(Map.of(11L, 256, 13L, 64));
    assertEquals(List.of(Map.of(11L, 256)), read);
    assertTrue(order.problem(13).startsWith("no process"), order.problem(13));
    assertEquals("", order.problem(12), "nobody asks");
    order.look(Set.of(OWN, 11L, 13L), Set.of());
    assertEquals(List.of(Map.of(11L, 256), Map.of(11L, 256, 13L, 64)), read);
    assertEquals("", order.problem(13));
  }

  @Test
  void anAgentThatJustBeganReadsWhatItWasAskedBefore() {
    order = new TaskOrder(ALL, Set.of(OWN), read::add);
    order.want(Map.of(11L, 256));
    order.look(Set.of(OWN, 11L), Set.of());
    assertEquals(List.of(Map.of(), Map.of(11L, 256)), read);
  }

  @Test
  void whatIsWaitedForTooLongMightBeAnotherPods() {
    order.want(Map.of(13L, 64, 14L, 64));
    order.look(Set.of(OWN, 14L), Set.of(14L)); // came and went, and came again as another
    for (int i = 1; i < TaskOrder.PATIENCE; i++) {
      assertTrue(order.problem(13).startsWith("no process"), order.problem(13));
      order.look(Set.of(OWN), Set.of());
    }
    order.look(Set.of(OWN, 13L, 14L), Set.of());
    assertEquals(List.of(Map.of()), read);
    assertTrue(order.problem(13).startsWith("its pod is gone"), order.problem(13));
    assertTrue(order.problem(14).startsWith("its pod is gone"), order.problem(14));
    order.want(Map.of());
    order.want(Map.of(13L, 64));
    assertEquals(Map.of(13L, 64), read.get(read.size() - 1), "asked for anew");
  }

  @Test
  void whatFailedIsToldAgainAtTheNextLook() {
    List<Map<Long, Integer>> calls = new ArrayList<>();
    order =
        new TaskOrder(
            ALL,
            Set.of(OWN),
            n -> {
              calls.add(n);
              if (calls.size() == 1) {
                throw new IllegalStateException("as a full map would");
              }
            });
    order.look(Set.of(11L), Set.of());
    assertThrows(IllegalStateException.class, () -> order.want(Map.of(11L, 512)));
    order.look(Set.of(11L), Set.of());
    order.look(Set.of(11L), Set.of());
    assertEquals(List.of(Map.of(11L, 512), Map.of(11L, 512)), calls);
  }

  @Test
  void aNamespaceThatTheAgentWasStartedForIsRead() {
    order = order(new AgentConfig("here", false, Set.of(OWN)));
    order.want(Map.of(OWN, 512));
    assertEquals(List.of(Map.of(OWN, 512)), read);
  }

  @Test
  void offReadsNothing() {
    order = order(ALL.withTasks(false));
    order.want(Map.of(11L, 512));
    assertEquals(List.of(Map.of()), read);
    assertEquals("agent.tasks is off on this node", order.refusal(11));
  }

  @Test
  void thePodThatGetsTheNumberOfOneThatIsGoneIsNotReadByItsOrder() {
    Map<Long, Integer> both = Map.of(11L, 512, 12L, 64);
    order.want(both);
    order.look(Set.of(OWN, 11L, 12L), Set.of(11L)); // another pod's within one look
    order.want(both); // as the server still has it
    order.look(Set.of(OWN, 11L), Set.of(12L));
    order.want(both);
    assertEquals(List.of(both, Map.of(12L, 64), Map.of(12L, 64), Map.of(), Map.of()), read);
    order.want(Map.of());
    order.want(Map.of(11L, 128));
    assertEquals(Map.of(11L, 128), read.get(read.size() - 1), "asked for anew");
  }

  @Test
  void afterTheEndNobodyIsAskedToRead() {
    order.want(Map.of(11L, 512));
    order.close();
    order.want(Map.of());
    order.look(Set.of(), Set.of(11L));
    assertEquals(1, read.size());
  }
}
