package io.hoptoll.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
  void neitherTheNodesOwnNamespaceNorOneWithoutProcessesIsRead() {
    order.want(Map.of(OWN, 512, 11L, 256, 13L, 64));
    assertEquals(List.of(Map.of(11L, 256)), read);
    assertEquals("", order.refusal(11));
    assertTrue(order.refusal(OWN).contains("the node's own"), order.refusal(OWN));
    assertTrue(order.refusal(13).startsWith("no process"), order.refusal(13));
    order.look(Set.of(OWN, 11L, 12L, 13L), Set.of());
    assertEquals(List.of(Map.of(11L, 256)), read, "what was refused does not begin by itself");
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
